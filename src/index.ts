export type { Phase } from './core/connection-state.js';
export { HeartbeatSocketError, type HeartbeatSocketErrorCode } from './core/errors.js';
export type { Liveness } from './core/heartbeat.js';
export type { Cause, HeartbeatSocketEvent } from './core/log-event.js';
export type { DropReason, Overflow } from './core/outbox.js';
export type { CloseInfo } from './core/ports.js';
export { type BackoffOptions, backoff, type DelayPolicy, type RetryContext } from './core/reconnect-policy.js';
export type { Serializer } from './core/serializer.js';
export type {
  BufferOptions,
  ConnectAttempt,
  ConnectTarget,
  HeartbeatMessage,
  HeartbeatOptions,
  HeartbeatSocketStatus as HeartbeatSocketStatusName,
  Pausable,
  ReconnectOptions,
  SocketData,
  SocketUrl,
  UseHeartbeatSocketOptions,
  UseHeartbeatSocketReturn,
  WebSocketConstructor,
} from './vue/options.js';
export { type CreateHeartbeatSocketOptions, createHeartbeatSocket, type HeartbeatSocketHandle } from './vue/plugin.js';
export {
  HeartbeatSocketStatus,
  type HeartbeatSocketStatusProps,
  type HeartbeatSocketStatusSlot,
  type ShownSocket,
} from './vue/status/heartbeat-socket-status.js';
export { chineseLabels, englishLabels, type HeartbeatSocketLabels } from './vue/status/status-labels.js';
export { useHeartbeatSocket } from './vue/use-heartbeat-socket.js';
