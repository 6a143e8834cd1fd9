/** Turns values into what goes over the wire and back. The shape is that of VueUse's `useStorage`. */
export interface Serializer<Read = unknown, Write = Read> {
  /** Gets the message's data, and throws where it makes no sense. */
  // biome-ignore lint/suspicious/noExplicitAny: a message is whatever the server sends; a narrower reader is welcome
  read: (raw: any) => Read;
  write: (value: Write) => unknown;
}

const asIs = (value: unknown): unknown => value;

/** Hands data on as it is. */
export const raw: Serializer<unknown> = { read: asIs, write: asIs };

/** `JSON.parse` and `JSON.stringify`. What has no JSON (undefined, a function) would be sent as the text `undefined`. */
export const json: Serializer<unknown> = {
  read: (text) => JSON.parse(text),
  write(value) {
    const text = JSON.stringify(value);
    if (text) return text;
    throw new TypeError(`${typeof value} has no JSON`);
  },
};
