/** What a connection is doing. */
export type Phase =
  /** Nobody asked it to connect, there is no url, or it is put away with the page or a kept-alive component. */
  | 'idle'
  /** `beforeConnect`, the WebSocket handshake or the application's own handshake is under way. */
  | 'connecting'
  /** The server has proven within the heartbeat's limits that it is alive. */
  | 'open'
  /** Open, but the answer to a heartbeat is overdue. Messages can be sent. */
  | 'suspect'
  /** Between two attempts: `retryAt` says when the next one starts. */
  | 'waiting'
  /** The browser says that there is no network. The connection waits for it. */
  | 'offline'
  /** The user called `close()`. Only `open()` or a new url connects again. */
  | 'closed'
  /** The connection gave up: `error` says why. Only `open()` or a new url connects again. */
  | 'failed'
  /** The owning scope ended. The connection never connects again. */
  | 'left';

/** Why a connection is put away for a while. The socket is closed with this as its reason. */
export type AwayReason = 'page hidden' | 'hidden for long' | 'prerendering' | 'deactivated';
