export { HeartbeatSocketError, type HeartbeatSocketErrorCode } from './core/errors.js';
export type { ControlFrame, Liveness } from './core/heartbeat.js';
export { json, type SchemaIssue, type SchemaPair, type StandardSchema } from './core/json-schema.js';
export type { Cause, HeartbeatSocketEvent } from './core/log-event.js';
export type { DropReason, Overflow } from './core/outbox.js';
export type { Phase } from './core/phase.js';
export type { CloseInfo } from './core/ports.js';
export {
  type BackoffOptions,
  backoff,
  type DelayPolicy,
  type LossEvent,
  type RetryContext,
} from './core/reconnect-policy.js';
export { retryAfter } from './core/retry-after.js';
export type { Serializer } from './core/serializer.js';
export type { DeliveryStorage, StoredMessage } from './core/stored-messages.js';
export type { ConnectAttempt, ConnectTarget, HandshakeLink, HandshakeResult } from './vue/before-connect.js';
export { defineHeartbeatSocket, type UseSharedSocket } from './vue/define-heartbeat-socket.js';
export type { HeartbeatMessage, HeartbeatOptions, Pausable } from './vue/heartbeat-options.js';
export {
  type AtLeastOnceOptions,
  atLeastOnce,
  inSessionStorage,
  type ProvenDelivery,
} from './vue/messages/at-least-once.js';
export { deliver } from './vue/messages/deliver.js';
export {
  type FieldOf,
  type MessageHandlers,
  type Tagged,
  type TagOf,
  useMessageHandlers,
} from './vue/messages/use-message-handlers.js';
export {
  type RequestDefaults,
  type RequestOptions,
  type RequestProtocol,
  type SendRequest,
  useRequests,
  type WithoutField,
} from './vue/messages/use-requests.js';
export {
  type Subscribe,
  type SubscribeWithHandler,
  type SubscriptionProtocol,
  useSubscriptions,
} from './vue/messages/use-subscriptions.js';
export type { BufferOptions, ReconnectOptions } from './vue/option-groups.js';
export type { SocketUrl, UseHeartbeatSocketOptions, WebSocketConstructor } from './vue/options.js';
export { type CreateHeartbeatSocketOptions, createHeartbeatSocket, type HeartbeatSocketHandle } from './vue/plugin.js';
export { acceptSharedSocketUpdate, type SharedSocketOptions, type SharedSource } from './vue/shared-definition.js';
export type {
  HeardEvent,
  HeartbeatSocketStatus as HeartbeatSocketStatusName,
  SocketData,
  UseHeartbeatSocketReturn,
} from './vue/socket-return.js';
export {
  HeartbeatSocketStatus,
  type HeartbeatSocketStatusProps,
  type HeartbeatSocketStatusSlot,
  type ShownSocket,
} from './vue/status/heartbeat-socket-status.js';
export { chineseLabels, englishLabels, type HeartbeatSocketLabels } from './vue/status/status-labels.js';
export { useHeartbeatSocket } from './vue/use-heartbeat-socket.js';
