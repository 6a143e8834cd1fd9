/** What several presets need: to read the frames of a server, and to put figures together. */
import type { Figures } from '../core/connection-types.js';
import type { ControlFrame } from '../core/heartbeat.js';
import { withoutSecrets } from '../core/mask-url.js';
import type { PresetFigures } from './preset.js';

/** The longest control frame (characters) of the protocols here. A longer message is the app's, and is not parsed. */
const LONGEST = 1_000;

/**
 * What a text of JSON holds, as an object whose fields can be asked for, whatever it is. Anything but JSON has no fields: bytes have
 * none, since their list of numbers is no object either.
 */
// biome-ignore lint/suspicious/noExplicitAny: each field is compared before it is used
export const fieldsOf = (data: any, longest = LONGEST): any => {
  try {
    return Object(data.length <= longest && JSON.parse(data));
  } catch {
    return {};
  }
};

/** The figures of the app, and those of the server, or of the protocol, where the app gives none. */
export const figuresOf = (own: PresetFigures | undefined, interval?: number, pongTimeout?: number): Figures => ({
  interval: own?.interval ?? interval,
  // `'auto'` is no figure that a handshake can agree upon: the heartbeat has it.
  pongTimeout: (own?.pongTimeout as number | undefined) ?? pongTimeout,
});

/** A value, or a function that gives it for each attempt. */
export type Given<T> = T | (() => T | PromiseLike<T>);

/** The value, or a promise of it. */
export const valueFrom = <T>(value: Given<T>): T | PromiseLike<T> =>
  typeof value === 'function' ? (value as () => T | PromiseLike<T>)() : value;

/** The server has ended the connection by a message. The library comes back, as after a restart (1012), unless that is useless (1008). */
export const ended = (reason: unknown, isUseless: boolean): ControlFrame => ({
  end: { code: isUseless ? 1008 : 1012, reason: withoutSecrets(`${reason ?? ''}`) },
});

/**
 * The error of a handshake in which the server says something else than the protocol has. Where the server speaks JSON, `words`
 * is the sentence in it: the library masks JSON in errors, since a server may give back a token.
 */
export const unexpected = (words: unknown): Error => new Error(`received ${words}`);
