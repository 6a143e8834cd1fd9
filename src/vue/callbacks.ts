import type { HeartbeatSocketError } from '../core/errors.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';

/** The callbacks among the options of `useHeartbeatSocket`. */
export interface SocketCallbacks<Read = unknown> {
  /**
   * Called when a connection is open. What this callback sends goes out before the buffer, so a login message comes
   * first.
   */
  onConnected?: ((ws: WebSocket) => void) | undefined;
  /**
   * Called once for each socket that was open, whatever ended it. If the socket ended by itself, `event` is its `close`
   * event. If the library closed the socket, the library makes `event`, with the code 1000 or the code given to
   * `close()`. If the connection fell silent, the library makes `event`, with the code 1006 and the reason `silence`.
   */
  onDisconnected?: ((ws: WebSocket, event: CloseEvent) => void) | undefined;
  /**
   * Called with a socket's `error` event. Also called with an `ErrorEvent` that carries a {@link HeartbeatSocketError}:
   * a callback threw, the serializer could not read or write a message, or the socket refused data or a close code.
   */
  onError?: ((ws: WebSocket, event: Event) => void) | undefined;
  /**
   * Called with each message, in order, synchronously. `value` is what the serializer read. Not called for answers to
   * heartbeats, nor for what `handshake` has received.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the DOM types a message
  onMessage?: ((ws: WebSocket, event: MessageEvent<any>, value: Read) => void) | undefined;
  /** Called with the data that was handed to the socket. Not called for heartbeats. */
  onSend?: ((data: unknown) => void) | undefined;
  /**
   * Called with an event for everything that happens to the connection: phases, attempts, heartbeats, answers,
   * messages, ends, errors. For logs, bug reports and tools. An event holds no socket and no DOM event, but plain data:
   * its type, its time, its cause, the number of the socket, and more by type. Secrets in urls are masked; the data of
   * messages and the server's close reason are not. What this callback throws goes to the app's error handler.
   *
   * @example
   * onEvent: (event) => log.push(event)
   */
  onEvent?: ((event: HeartbeatSocketEvent) => void) | undefined;
  /**
   * Called with each message that is proven: the server has read it. `data` is the value that the app gave to `send`. Only with the option
   * `delivery`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a function that takes the messages of one kind is welcome
  onDelivered?: ((data: any) => void) | undefined;
}
