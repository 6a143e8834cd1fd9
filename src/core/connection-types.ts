/** What goes into a connection, and what comes out of it. */
import type { Phase } from './connection-state.js';
import type { HeartbeatSocketError } from './errors.js';
import type { HeartbeatSocketEvent } from './log-event.js';
import type { Settings } from './options.js';
import type { DropReason } from './outbox.js';
import type { CloseInfo, SocketLike } from './ports.js';

export interface MessageLike {
  readonly data: unknown;
}

/** Hears what happens to a connection. What a listener throws reaches its own `onError`. */
export interface ConnectionListener {
  onConnected?(socket: SocketLike): void;
  onDisconnected?(socket: SocketLike, event: CloseInfo): void;
  onError?(socket: SocketLike, event: unknown): void;
  onMessage?(socket: SocketLike, event: MessageLike, value: unknown): void;
  onSend?(data: unknown): void;
  onDropped?(data: unknown, reason: DropReason): void;
  onFailed?(): void;
  /** Hears of everything. What it throws goes to `unhandled`. */
  onEvent?(event: HeartbeatSocketEvent): void;
}

/** What an attempt knows before it starts. */
export interface Attempt {
  readonly url: unknown;
  readonly failures: number;
  readonly signal: unknown;
  readonly lastMessageAt: number | undefined;
}

/** Where an attempt goes, if not to the url and protocols of the options. */
export interface Target {
  readonly url?: unknown;
  readonly protocols?: string | readonly string[] | undefined;
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
}

export interface ConnectionOptions extends Settings {
  /** Read anew for each attempt. Undefined and '': not now. */
  url(): unknown;
  protocols(): string | readonly string[];
  beforeConnect?: ((attempt: Attempt) => Target | undefined | PromiseLike<Target | undefined>) | undefined;
  /** Called at once, and then whenever the view may have changed, always before a listener is. */
  publish(view: ConnectionView): void;
  /** Called with each message before the listeners are. */
  received(value: unknown): void;
  /** Called with an error that nobody listens for. */
  unhandled(error: unknown): void;
}

export interface Connection {
  readonly listeners: Set<ConnectionListener>;
  /** Connects, with one socket; without a url it goes to rest. */
  open(): void;
  close(code: number, reason?: string): void;
  /** The end. Nothing that comes later has an effect. */
  leave(): void;
  /** The url has changed: what is buffered was not meant for the new one. */
  changeUrl(): void;
  /** Puts it away for a while: the component is out of sight. */
  deactivate(): void;
  /** Brings back what `deactivate` put away, if anything. */
  activate(): void;
  /** A beat is due now, by somebody else's clock. */
  beat(): void;
  /** True when `value` was handed to an open socket. */
  send(value: unknown, useBuffer?: boolean): boolean;
}
