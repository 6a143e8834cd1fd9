/** The two records that change while a connection lives: the engine's own, and that of the current attempt. */
import type { Beats } from './beats.js';
import type { CommandDepth } from './command-depth.js';
import type { EventName, Events } from './connection-events.js';
import type { State } from './connection-state.js';
import type { ConnectionListener, ConnectionOptions, Figures, Handshake } from './connection-types.js';
import type { Cause } from './log-event.js';
import type { Settings } from './options.js';
import type { Kept, Outbox } from './outbox.js';
import type { Phase } from './phase.js';
import type { Clock, CloseInfo, SocketLike, Transport } from './ports.js';
import type { TurnQueue } from './turn-queue.js';

/** One attempt to connect, and the socket that comes of it: everything that lives as long as that socket. */
export interface Attempt {
  readonly id: number;
  /** What started the attempt. */
  readonly cause: Cause;
  /** The options, with the heartbeat of this socket. */
  readonly settings: Settings;
  readonly beats: Beats;
  /** The url that the attempt has read, or that its socket goes to. */
  url?: unknown;
  /** Aborts `beforeConnect` and the handshake. */
  aborter?: ReturnType<Transport['abortController']> | undefined;
  /** The socket, until it has ended or is given up. */
  socket?: SocketLike | undefined;
  /** What the ref `ws` shows: also a socket that ended by itself, until the next one is made. */
  ws: SocketLike | undefined;
  /** The application's handshake, while it is under way. */
  handshake?: Handshake | undefined;
  /** What the server has named: in the handshake, or in a message that `control` knows. */
  figures?: Figures | undefined;
  wasOpen: boolean;
  /** The last messages that were handed over since the last sign of life: they may be lost with the socket. */
  unproven: { readonly value: unknown; readonly bytes: number }[];
  /** The socket has begun to take what is kept. */
  hasFlushed?: boolean;
  /** Bytes that the last heartbeat has to wait for (0: it is on its way), and all such bytes that were seen to be sent. */
  unsentBytes: number;
  drained: number;
  /** The `error` event that the socket fired. */
  errorEvent?: unknown;
  /** The `close` event that the socket fired. */
  closeEvent?: CloseInfo;
}

/**
 * Follows messages that a socket has taken, until it is known what became of them. Of what is optional here, `alive` is for
 * connections without proof of delivery, and all else for those that keep what a socket has taken.
 */
export interface Delivery {
  /** Messages are proven by the answers to heartbeats alone. */
  readonly needsBeats?: boolean;
  /** The socket has taken a message: the data that goes over the wire, made of a value of the app. */
  handedOver(engine: Engine, attempt: Attempt, data: unknown, value: unknown): void;
  /** The server gave a sign of life. */
  alive?(attempt: Attempt): void;
  /** The socket has ended. Answers with the messages that may be lost with it. */
  ended(engine: Engine, attempt: Attempt): readonly Pick<Kept, 'value' | 'settled'>[];
  /**
   * Sends a message that stays in the outbox until it is proven. False: there is no room for it. Undefined: the socket refused it.
   * Without this function a message that a socket has taken is not kept.
   */
  send?(engine: Engine, message: Kept): boolean | undefined;
  /** The socket has refused a message of the outbox. Called before the app is told of that. */
  refused?(engine: Engine, message: Kept): void;
  /** A heartbeat was sent. */
  beat?(engine: Engine, attempt: Attempt, now: number): void;
  /** A heartbeat was answered. `times`: how often, in the same frame. */
  answered?(engine: Engine, attempt: Attempt, now: number, times: number): void;
  /** A message of the app came. */
  received?(engine: Engine, value: unknown): void;
  /** Throws for data that could not be kept until it is proven. */
  check?(data: unknown): void;
  /** An attempt goes to this url. */
  address?(engine: Engine, url: string): void;
  /** The page is heard in every phase, for what is kept when the user leaves it. */
  readonly hearsPage?: boolean;
  /** An event was dealt with. */
  stepped?(engine: Engine, name: EventName): void;
  /** The same for a tab that shares the connection of another one, which knows what is proven. */
  provenBy?(proof: Proof): Delivery;
  /**
   * The same for the connection that tabs share: it stores nothing, and is given what goes over the wire. `read` makes values of
   * that.
   */
  upstream?(read: (data: unknown) => unknown): Delivery;
}

/** What proves messages. */
export interface Proof extends Pick<Delivery, 'handedOver' | 'beat' | 'answered' | 'received'> {
  /** A deadline has come. */
  due?(engine: Engine): void;
  /** Gives the number of the message of this socket that the server has refused; 0 if that is not known. Left out: the only unread one. */
  refusedNumber?(attempt: Attempt): number;
}

export interface Engine {
  state: State;
  attempt: Attempt | undefined;
  /** The phase that was told last. */
  phase: Phase;
  /** When a heartbeat has to prove messages. Never: none waits for proof. */
  proveAt: number;
  /** Events that happen within the call that makes the connection: they are told once it has returned. Undefined after that. */
  untold: (() => void)[] | undefined;
  isReleased: boolean;
  /** What the connection deals with now. */
  cause: Cause;
  /** The last socket that was made. `onError` is given it when an error belongs to no socket. */
  lastSocket: SocketLike | undefined;
  /**
   * How many attempts have begun since the timer last fired. An attempt that failed since its code threw counts as
   * `MOST_ATTEMPTS`.
   */
  attempts: number;
  /** The url that was open last, when that ended, and what the app last gave as the place in its stream. */
  stream: { readonly url: string; readonly lostAt: number | undefined; readonly cursor: unknown } | undefined;
  /** When the caller's own code last made an error. */
  erredAt: number;
  /** When the last message of the app came. */
  lastMessageAt: number | undefined;
  /** The detail of `received`: one record for all messages, since each event copies it and a message must cost no memory. */
  readonly received: { data: unknown };
  readonly clock: Clock;
  readonly transport: Transport;
  readonly options: ConnectionOptions;
  readonly listeners: Set<ConnectionListener>;
  /**
   * Looks at the value of each message (or `UNREADABLE`) before any listener does. True: the message is an answer to a request,
   * so only `onEvent` hears of it. Never throws.
   */
  takes?: (value: unknown) => boolean;
  readonly outbox: Outbox;
  readonly delivery: Delivery;
  readonly depth: CommandDepth;
  readonly queue: TurnQueue;
  /** Deals with an event now. */
  step<Name extends EventName>(name: Name, payload?: Events[Name], id?: number): void;
  /** Deals with an event when those before it are dealt with. `id`: the number of the attempt that it belongs to. */
  raise<Name extends EventName>(name: Name, payload?: Events[Name], id?: number): void;
}
