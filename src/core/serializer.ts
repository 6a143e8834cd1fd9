import { unusable } from './kind-of.js';
import { isPromise } from './settled.js';

/** What goes over the wire: a text, bytes, or a `Blob`. */
export type WireData =
  | string
  | ArrayBuffer
  | ArrayBufferView<ArrayBuffer>
  | { readonly size: number; readonly type: string; arrayBuffer(): Promise<ArrayBuffer> };

/** Turns values into what goes over the wire and back. The shape is that of VueUse's `useStorage`. */
export interface Serializer<Read = unknown, Write = Read> {
  /** Makes a value of the data of a message. Throws if the data makes no sense. Undefined and a promise count as that, too. */
  // biome-ignore lint/suspicious/noExplicitAny: a message is whatever the server sends; a narrower reader is welcome
  read: (raw: any) => Read;
  /** Makes data for the socket of a value: a text, bytes or a Blob, and no promise. Throws if the value cannot be sent. */
  write: (value: Write) => WireData;
}

const asIs = <T>(value: unknown): T => value as T;

/** Leaves data as it is. */
export const raw: Serializer<unknown> = { read: asIs, write: asIs };

/**
 * `JSON.parse` and `JSON.stringify`. A value that has no JSON (undefined, a function) is refused, since the socket would send the text
 * `undefined`. So is a promise, for which it would send `{}`.
 */
export const json: Serializer<unknown> = {
  read(text) {
    try {
      return JSON.parse(text);
    } catch {
      // The sentence of the browser quotes the message.
      throw new TypeError('the message is no JSON');
    }
  },
  write(value) {
    const text = !isPromise(value) && JSON.stringify(value);
    if (text) return text;
    throw new TypeError(unusable(value));
  },
};
