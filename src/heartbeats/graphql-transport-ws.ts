import { fieldsOf, type Given, unexpected, valueFrom } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface GraphqlTransportWsOptions extends PresetFigures {
  /**
   * What the server gets as `payload` of `connection_init`: a token, for example. A function is called for each attempt, and may be
   * async.
   */
  payload?: Given<unknown>;
  /**
   * Called with the `payload` of each `connection_ack`, before the connection opens. May be async. What it throws ends the
   * attempt.
   */
  onHandshake?: (payload: unknown) => unknown;
}

/**
 * GraphQL over WebSocket, sub-protocol `graphql-transport-ws` (graphql-ws, Apollo Server, Mercurius, Hasura, Yoga and others).
 *
 * - Handshake: this side sends `connection_init`, and the connection opens with the server's `connection_ack`.
 * - Heartbeats: this side sends `{"type":"ping"}`, and the server answers `{"type":"pong"}`, before the acknowledgement, too. A ping
 *   of the server is answered as well. The protocol has no idle limit, so the library's defaults hold: 10 s, and 10 s for the answer.
 * - The app sends and receives the rest: `subscribe`, `next`, `error`, `complete`.
 * - A server that refuses a token closes with 4401 or 4403, after which the library makes no retry. Where a token has run out
 *   while the connection was open, one attempt follows, for which `payload` is called again.
 *
 * It does not speak the older sub-protocol `graphql-ws` of subscriptions-transport-ws.
 *
 * @see https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 *
 * @example
 * const socket = useHeartbeatSocket('wss://api.example/graphql', {
 *   ...graphqlTransportWs({ payload: async () => ({ token: await fetchToken() }) }),
 *   serializer: 'json',
 * })
 * // The topic is the id of the operation.
 * const queries: Record<string, string> = { news: 'subscription { news }' }
 * const subscribe = useSubscriptions(socket, {
 *   subscribe: (id) => ({ id, type: 'subscribe', payload: { query: queries[id] } }),
 *   unsubscribe: (id) => ({ id, type: 'complete' }),
 *   topicOf: (message) => message.id,
 * })
 * subscribe('news', ({ type, payload }) => console.info(type, payload))
 */
export function graphqlTransportWs({ payload, onHandshake, ...figures }: GraphqlTransportWsOptions = {}): Preset {
  return {
    protocols: ['graphql-transport-ws'],
    heartbeat: {
      message: '{"type":"ping"}',
      control(data) {
        const { type } = fieldsOf(data);
        if (type === 'ping') return { reply: '{"type":"pong"}' };
        return type === 'pong' ? { answer: true } : undefined;
      },
      ...figures,
    },
    async handshake({ send, receive }) {
      send(JSON.stringify({ type: 'connection_init', payload: await valueFrom(payload) }));
      const { type, payload: reply } = fieldsOf(await receive(), Infinity);
      if (type !== 'connection_ack') throw unexpected(reply?.message ?? type);
      await onHandshake?.(reply);
      return undefined;
    },
  };
}
