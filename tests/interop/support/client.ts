/** A user of the library whose server is a real one, with the `WebSocket` of Node. */
import { effectScope } from 'vue';
import { type HeartbeatSocketEvent, type UseHeartbeatSocketOptions, useHeartbeatSocket } from '../../../src';

type Ended = Extract<HeartbeatSocketEvent, { type: 'ended' }>;

export interface Client {
  /** What `onMessage` was called with. */
  readonly messages: unknown[];
  /** Everything that happened. */
  readonly events: HeartbeatSocketEvent[];
  /** How often the connection was opened. */
  opened(): number;
  /** How the sockets ended that were open. */
  ends(): Ended[];
  /** What the errors said. */
  errors(): string[];
  /** How many heartbeats there were: this side's that were answered, and the server's. */
  beats(): number;
  phase(): string;
  send(data: never): void;
  end(): void;
}

/** Retries come soon: the servers are this machine's own. */
const RETRIES = { autoReconnect: { delay: 200 }, connectTimeout: 5_000 };

export function startClient(url: string, options: UseHeartbeatSocketOptions, greets: readonly unknown[] = []): Client {
  const messages: unknown[] = [];
  const events: HeartbeatSocketEvent[] = [];
  const scope = effectScope(true);
  const { phase, send } = scope.run(() =>
    useHeartbeatSocket(url, {
      WebSocket: globalThis.WebSocket,
      ...RETRIES,
      ...options,
      onConnected() {
        for (const data of greets) send(data as never);
      },
      onMessage: (_, { data }) => void messages.push(data),
      // A server that is away refuses connections.
      onError() {},
      onEvent: (event) => void events.push(event),
    }),
  ) as ReturnType<typeof useHeartbeatSocket>;
  const count = (...types: string[]): number => events.filter(({ type }) => types.includes(type)).length;
  return {
    messages,
    events,
    opened: () => count('opened'),
    ends: () => events.filter((event): event is Ended => event.type === 'ended' && event.wasOpen),
    errors: () => events.flatMap((event) => (event.type === 'erred' ? [event.error.message] : [])),
    beats: () => count('answered', 'control'),
    phase: () => phase.value,
    send: (data) => void send(data),
    end: () => scope.stop(),
  };
}
