/** What goes into a connection, and what comes out of it. */

import type { HeartbeatSocketError } from './errors.js';
import type { HeartbeatSocketEvent } from './log-event.js';
import type { Settings } from './options.js';
import type { DropReason } from './outbox.js';
import type { Phase } from './phase.js';
import type { CloseInfo, SocketLike } from './ports.js';

export interface MessageLike {
  readonly data: unknown;
}

/** Hears what happens to a connection. What a callback throws reaches the `onError` of the same listener. */
export interface ConnectionListener {
  onConnected?(socket: SocketLike): void;
  onDisconnected?(socket: SocketLike, event: CloseInfo): void;
  onError?(socket: SocketLike, event: unknown): void;
  onMessage?(socket: SocketLike, event: MessageLike, value: unknown): void;
  onSend?(data: unknown): void;
  onDropped?(data: unknown, reason: DropReason): void;
  onDelivered?(data: unknown): void;
  onFailed?(): void;
  /** Hears every event. What it throws goes to `unhandled`. */
  onEvent?(event: HeartbeatSocketEvent): void;
  /** Hears every event as well. `value` is what the serializer made of a message, and what the app gave of one that was sent or kept. */
  heard?(event: HeartbeatSocketEvent, value: unknown): void;
}

/** What `beforeConnect` is told. */
export interface ConnectAttempt {
  readonly url: unknown;
  readonly number: number;
  readonly failures: number;
  readonly signal: unknown;
  readonly lastMessageAt: number | undefined;
  readonly lastClose: CloseInfo | undefined;
  readonly cursor: unknown;
  giveUp(reason?: unknown): void;
}

/** What `beforeConnect` may give. What is left out is taken from the options. */
export interface GivenTarget {
  readonly url?: unknown;
  readonly protocols?: string | readonly string[] | undefined;
}

/** What a handshake is given. Data goes over the wire as it is: the serializer is not applied. */
export interface HandshakeLink {
  send(data: unknown): void;
  receive(): Promise<unknown>;
  readonly signal: unknown;
  giveUp(reason?: unknown): void;
}

/** What a handshake may give: figures of the heartbeat (ms) that hold for this connection. */
export interface Figures {
  readonly interval?: number | undefined;
  readonly pongTimeout?: number | undefined;
}

/** The messages of a handshake that is under way. */
export interface Handshake {
  /** Messages that came, and that the handshake has not asked for. */
  readonly unread: MessageLike[];
  hear(event: MessageLike): void;
  /** A promise of the next message. */
  receive(): Promise<unknown>;
  /** The attempt is over: no message will come. */
  stop(): void;
}

/** What the outside sees of a connection. */
export interface ConnectionView {
  readonly phase: Phase;
  readonly status: 'CONNECTING' | 'OPEN' | 'CLOSED';
  readonly left: boolean;
  readonly ws: SocketLike | undefined;
  readonly failures: number;
  readonly retryAt: number | undefined;
  readonly latency: number | undefined;
  readonly error: HeartbeatSocketError | undefined;
  /** How many messages are kept: not handed over yet, or not proven. */
  readonly pending: number;
  /** The url as text. Empty: there is none. */
  readonly url: string;
  /** This tab holds the connection that tabs share. Undefined: tabs share none. */
  readonly isLeader?: boolean;
}

export interface ConnectionOptions extends Settings {
  /** Read for each attempt, again when its `beforeConnect` is done, and with each command. Undefined, null and '': not now. */
  url(): unknown;
  protocols(): string | readonly string[];
  beforeConnect?:
    | ((attempt: ConnectAttempt) => GivenTarget | string | undefined | PromiseLike<GivenTarget | string | undefined>)
    | undefined;
  handshake?: ((link: HandshakeLink) => Figures | undefined | PromiseLike<Figures | undefined>) | undefined;
  /** Called when the view may have changed, before any listener is told of it. */
  viewChanged(): void;
  /** Called with what the serializer made of a message, before any listener is told of it. */
  received(value: unknown): void;
  /** Called with an error that no listener handles. */
  unhandled(error: unknown): void;
  /** Runs code of the caller at once, in the surroundings that it expects. */
  within<T>(run: () => T): T;
  /** No callback runs before `release()`. */
  isHeld?: boolean;
  /** Changes what the outside sees: a tab shows the state of the tab that holds the connection. */
  shown?(view: ConnectionView): ConnectionView;
  /** Requests have numbers above this: the requests of tabs that share a connection must not have the same. Undefined: 0. */
  lastId?: number;
  /**
   * Runs what tells the server that a topic is wanted, or is not any more. The topics of tabs that share a connection count together.
   * `end` makes the message that tells the server that nobody wants the topic.
   */
  forTopic?<T>(topic: { readonly key: string; readonly isWanted: boolean; end(): unknown }, run: () => T): T;
}

export interface Connection {
  readonly listeners: Set<ConnectionListener>;
  /** What the outside sees of the connection now. */
  view(): ConnectionView;
  /** The call that makes the connection is about to return: callbacks run with the next event, or in the next microtask. */
  release(): void;
  /** Connects, with one socket. Without a url the connection goes to rest. */
  open(): void;
  close(code: number, reason?: string): void;
  /** Takes no more messages, and closes once none is pending: after `ms` at the latest. */
  drain(ms: number): void;
  /** Ends the connection. No later call has an effect. */
  leave(): void;
  /** Tells the connection that the url may have changed. */
  changeUrl(): void;
  /** `<KeepAlive>` has deactivated the component: puts the connection away. */
  deactivate(): void;
  /** `<KeepAlive>` has activated the component: connects again, if `deactivate` has put the connection away. */
  activate(): void;
  /** Sends a heartbeat now: the user's scheduler asks for it. */
  beat(): void;
  /** Sends `value`. True: it was handed to an open socket. */
  send(value: unknown, useBuffer?: boolean): boolean;
}
