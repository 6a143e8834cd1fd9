import type { CloseInfo } from './ports.js';
import { bytesOf, isBinary } from './wire-data.js';

/** What proves that the server is alive: any message, or only the answer to a heartbeat. */
export type Liveness = 'traffic' | 'response';

/** What `control` says of a message that is not the app's alone. Empty: the message is a sign of life, and nothing else. */
export interface ControlFrame {
  /** The message answers a heartbeat. A number: so many of them, in a frame that holds several answers. */
  readonly answer?: boolean | number | undefined;
  /** What goes back to the server at once. */
  readonly reply?: unknown;
  /** ms that hold from now on instead of the option `interval`. */
  readonly interval?: number | undefined;
  /** ms that hold from now on instead of the option `pongTimeout`. */
  readonly pongTimeout?: number | undefined;
  /** What the message holds for the app: each entry is a message of its own. */
  readonly messages?: readonly unknown[] | undefined;
  /**
   * With this message the server ends the connection: the library closes the socket, and goes on as if the server had closed it with this
   * code and these words, and cleanly. So it comes back after a pause, unless `autoReconnect` takes the code for final. `messages` beside
   * it do not reach the app.
   */
  readonly end?: Pick<CloseInfo, 'code' | 'reason'> | undefined;
}

export interface HeartbeatSettings {
  /** Who sends the heartbeats. Both: neither side answers those of the other. False: nobody does. */
  readonly beats: 'client' | 'server' | 'both' | false;
  /** Gives the message of a heartbeat. Called for each one. */
  message(): unknown;
  /** The message of the first heartbeat, unless a function gives it. */
  readonly plainMessage: unknown;
  /** Gives what an answer equals, or says whether `data` is one. Undefined: the server sends the heartbeat back. */
  readonly response: ((data: unknown) => unknown) | undefined;
  /** Asked about each message. Undefined as its answer: the message is the app's, or an answer as `response` tells. */
  readonly control?: ((data: unknown) => ControlFrame | undefined) | undefined;
  /** The answer is binary. The socket must then give ArrayBuffers, since a Blob cannot be read in order. */
  readonly binary: boolean;
  /**
   * Gives the ms without sending, or without hearing, after which a heartbeat is due. What a ref or getter gives may be nonsense.
   * Undefined: the library times no heartbeat.
   */
  readonly interval: (() => unknown) | undefined;
  /** Gives the ms that a heartbeat may stay unanswered. `'auto'`: as long as the answers before it lead to expect. */
  pongTimeout(): unknown;
  /** ms that a probe may stay unanswered. */
  readonly probeTimeout: number;
  readonly liveness: Liveness;
}

/** The stamps of an open connection, in ms on the clock of the core. */
export interface Traffic {
  /** When a message was last handed to the socket. Written in place: this is the whole cost of a message that is sent. */
  sentAt: number;
  /** When the server last gave a sign of life. Written in place: this is the whole cost of a message that is received. */
  heardAt: number;
  /** ms of quiet after which the next heartbeat is due: the option `interval`, spread. */
  readonly interval: number;
}

/** A timer that fires this late (ms) tells of a blocked page or of sleep, and nothing about the link. */
export const LATE = 1_000;

/** The heartbeats of many clients must not march in step, so each wait is up to a tenth shorter than `interval`. */
export const spread = (moment: { readonly interval: number; readonly random: number }): number =>
  moment.interval * (1 - moment.random / 10);

/**
 * When the next heartbeat is due. Two schedules in one: keep alive (nothing was sent for `interval`, and a proxy would drop the
 * connection) and find out (nothing was heard for `interval`, and the link may be half-open). The earlier one counts.
 */
export const beatDueAt = (state: Traffic): number => Math.min(state.sentAt, state.heardAt) + state.interval;

/**
 * Whether `data` is the expected answer: by equality (of bytes too), never by substring, since a chat message may contain the
 * heartbeat's text. Runs for each message, so a text is not turned into bytes, and a long message costs no more than its length.
 */
export const isExpected = (expected: unknown, data: unknown): boolean =>
  expected === true ||
  expected === data ||
  (isBinary(expected) &&
    bytesOf(expected)?.length === bytesOf(data)?.length &&
    `${bytesOf(expected)}` === `${bytesOf(data)}`);
