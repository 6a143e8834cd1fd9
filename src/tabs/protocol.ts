/** What tabs say to each other on the channel. */
import type { ConnectionView } from '../core/connection-types.js';
import type { HeartbeatSocketErrorCode } from '../core/errors.js';
import type { CloseInfo } from '../core/ports.js';

/**
 * The version of this protocol. Tabs with another version of this library may be open at the same time: they have a lock and a channel of
 * their own, and each ignores what it does not know.
 */
export const VERSION = 1;

/** An error as it goes over the channel. */
export interface ToldError {
  readonly code: HeartbeatSocketErrorCode;
  readonly message: string;
  readonly cause: unknown;
  readonly closeCode: number | undefined;
}

/** By the name of an option, what every tab needs to have alike of it. */
export type Alike = Readonly<Record<string, string>>;

/** The part of the leader's state that every tab shows. */
export interface ToldView extends Pick<ConnectionView, 'phase' | 'failures' | 'retryAt' | 'latency'> {
  readonly error: ToldError | undefined;
  /** Options of the leader that every tab needs to have alike. Only in development. */
  readonly alike?: Alike;
}

/** How the leader's socket has ended. `isFaulted`: the socket fired an `error` event before. */
export interface ToldEnd extends CloseInfo {
  readonly isFaulted: boolean;
}

/** A topic that a tab wants, or does not want any more. */
export interface ToldTopic {
  readonly key: string;
  readonly isWanted: boolean;
  /** What tells the server that nobody wants the topic any more. */
  readonly end?: unknown;
}

/** The place of a command in the order of all commands: `order` is about the ms of the epoch, and `by` is the tab that gave the command. */
export interface Order {
  readonly order: number;
  readonly by: string;
}

/** Each message by its type, and what it carries. `connection` is the number of the leader's connection; 0: none is open. */
export interface Bodies {
  /** A tab asks who leads. It is told, too, if there is a newer command than the one that it names (none: 0). */
  hello: Partial<Order>;
  /** The leader's state. `ended`: a socket of the leader has ended just now. */
  state: { readonly connection: number; readonly view: ToldView; readonly ended?: ToldEnd | undefined };
  /** The leader does not lead any more. */
  bye: object;
  /** A tab does not share any more. */
  gone: object;
  ping: object;
  pong: { readonly to: string };
  /** A tab has messages pending, while the app closes the connection once none is. */
  drains: object;
  /** A user looks at a tab that does not lead. */
  look: object;
  /**
   * A tab sends a message: its number on this connection, and the data for the wire. `since`: it has waited in its tab since then (ms of the
   * epoch). `isSuspect`: the server may have closed a connection for it, so the message goes out alone.
   */
  send: {
    readonly connection: number;
    readonly number: number;
    readonly data: unknown;
    readonly topic?: ToldTopic | undefined;
    readonly since?: number | undefined;
    readonly isSuspect?: boolean | undefined;
  };
  /** A tab has so many messages that wait for proof that a heartbeat is to ask for it now. */
  prove: { readonly connection: number };
  /**
   * The leader's socket has taken the first `took` messages of a tab, and the server has the first `delivered` of them. It will not send
   * those with the numbers `expired`, which have waited for too long. `refused`: the number of the message for which the server has closed
   * the connection.
   */
  ack: {
    readonly to: string;
    readonly connection: number;
    readonly took: number;
    readonly delivered: number;
    readonly expired?: readonly number[];
    readonly refused?: number;
  };
  /** The leader has sent a heartbeat; `data` is its message. */
  beat: { readonly connection: number; readonly data: unknown };
  /**
   * The server has given a sign of life that is no message of the app. `unsent`: the bytes that the leader's socket had not sent by then.
   * `answer`: it answers a heartbeat, after `latency` ms.
   */
  alive: {
    readonly connection: number;
    readonly unsent: number;
    readonly answer?: { readonly latency: number | undefined } | undefined;
  };
  /** A message of the server. `unsent`: as above. */
  data: { readonly connection: number; readonly unsent: number; readonly data: unknown };
  /**
   * The app has called `open()` in a tab. `to`: a tab that was away, and has asked. `restarts`: the app's tab shared the connection already,
   * so the leader makes a new one.
   */
  open: { readonly restarts: boolean; readonly to?: string };
  /** The app has called `close()`, or `close({ drain })`. */
  close: { readonly code: number; readonly reason: string; readonly to?: string };
  drain: { readonly ms: number; readonly to?: string };
}

export type BodyType = keyof Bodies;

/** What a tab has to say. */
export type Body = { [Type in BodyType]: { readonly type: Type } & Readonly<Bodies[Type]> }[BodyType];

/** What the app commands in one tab, for all. */
export type Command = Extract<Body, { type: 'open' | 'close' | 'drain' }>;

/** A command that has its place. */
export type StampedCommand = Command & Order;

const COMMANDS: readonly string[] = ['open', 'close', 'drain'];

export const isCommand = <Message extends Body>(message: Message): message is Message & StampedCommand =>
  COMMANDS.includes(message.type);

/** What every message carries: the version, the tab that says it, the term that this tab knows, and when it was said (ms of the epoch). */
interface Header {
  readonly v: typeof VERSION;
  readonly from: string;
  readonly term: number;
  readonly at: number;
}

export type TabMessage = Header & Body;

/** Makes a message. */
export const message = (from: string, term: number, at: number, body: Body): TabMessage => ({
  ...body,
  v: VERSION,
  from,
  term,
  at,
});

/** Whether something on the channel is a message of this version. Any script of the origin may write to the channel. */
export function isTabMessage(given: unknown): given is TabMessage {
  const { v, from, term, at, type } = Object(given);
  return (
    v === VERSION &&
    typeof from === 'string' &&
    typeof type === 'string' &&
    Number.isFinite(term) &&
    Number.isFinite(at)
  );
}
