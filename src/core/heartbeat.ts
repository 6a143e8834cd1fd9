/** What proves life: any message, or answers alone. */
export type Liveness = 'traffic' | 'response';

export interface HeartbeatSettings {
  /** Whether there is a heartbeat. */
  readonly beats: boolean;
  /** The beat, read anew each time. */
  message(): unknown;
  /** What the answer to `sent` equals, or whether `data` is one. */
  response(data: unknown, sent: unknown): unknown;
  /** The answer is binary: the socket must give ArrayBuffers, since a Blob cannot be read in order. */
  readonly binary: boolean;
  /** ms without sending, or without hearing, after which a beat is due. Infinity: beats come from outside. */
  readonly interval: number;
  /** ms that a beat may stay unanswered. */
  readonly pongTimeout: number;
  /** ms that a probe may stay unanswered. */
  readonly probeTimeout: number;
  readonly liveness: Liveness;
}

/** The stamps of an open connection, in ms of the core's clock. */
export interface Traffic {
  /** Last handed to the socket. Written in place: it is the whole cost of a message sent. */
  sentAt: number;
  /** Last sign of life. Written in place: it is the whole cost of a message received. */
  heardAt: number;
  /** ms of quiet after which the next beat is due: the heartbeat's interval, spread. */
  readonly interval: number;
}

/** A timer this late (ms) tells of a stall or of sleep, and nothing of the link: the answer may be queued behind it. */
export const LATE = 1_000;

/** Beats of many clients must not march in step: each wait is up to a tenth shorter than `interval`. */
export const spread = ({ interval, random }: { readonly interval: number; readonly random: number }): number =>
  interval * (1 - random / 10);

/**
 * Two schedules in one: keep alive (nothing sent for `interval`: a proxy would drop the connection) and find out
 * (nothing heard for `interval`: the link may be half-open). The earlier one is due.
 */
export const beatDueAt = ({ sentAt, heardAt, interval }: Traffic): number => Math.min(sentAt, heardAt) + interval;

/** Not by `instanceof`: the socket may be another window's, and so are its buffers then. */
const isBuffer = (data: unknown): data is ArrayBuffer => ({}).toString.call(data) === '[object ArrayBuffer]';

export const bytesOf = (data: unknown): Uint8Array | undefined => {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return isBuffer(data) ? new Uint8Array(data) : undefined;
};

/** Whether this can be compared only byte by byte. */
export const isBinary = (data: unknown): boolean => !!bytesOf(data);

/**
 * By equality (of bytes too), never by substring: a chat message that contains the beat is a message. Run for each message: of a
 * text nobody asks for bytes, and of a long message for no more than its length.
 */
export const isAnswer = (expected: unknown, data: unknown): boolean =>
  expected === true ||
  expected === data ||
  (typeof data === 'object' &&
    isBinary(expected) &&
    bytesOf(expected)?.length === bytesOf(data)?.length &&
    `${bytesOf(expected)}` === `${bytesOf(data)}`);
