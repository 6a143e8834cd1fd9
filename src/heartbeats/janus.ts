import { fieldsOf, unexpected } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface JanusOptions extends PresetFigures {
  /** Called with the session's id before each `onConnected`. What it throws ends the attempt. */
  onHandshake: (id: number) => void;
  /** For a Janus with `token_auth`: the token, or a function that gives it for each request. */
  token?: string | (() => string);
  /** For a Janus with `api_secret`. */
  apisecret?: string;
}

/** What tells the answers of the handshake and of the heartbeats from those of the app. */
const TRANSACTION = 'vue-heartbeat-socket';

/**
 * Janus, the WebRTC server, over its WebSocket transport. The handshake makes a session, whose id `onHandshake` gets. This side then
 * sends `{"janus":"keepalive","session_id":..,"transaction":".."}`, and Janus answers with `ack`. Janus ends a session of which it
 * has heard nothing for 60 s, so a heartbeat goes out after 25 s, as Janus's own client does.
 *
 * Each connection is a new session, in which the app attaches its handles anew: Janus ends a session with its socket. An app that
 * claims an old one (`reclaim_session_timeout`) brings its own `handshake`. When Janus says `{"janus":"timeout",..}`, the session is over,
 * and the library comes back with a new one, as after the close code 1012. Each heartbeat has `token` and `apisecret` in it, so
 * `onEvent` shows them.
 *
 * @see https://janus.conf.meetecho.com/docs/rest.html
 *
 * @example
 * let session_id = 0
 * const { send } = useHeartbeatSocket('wss://janus.example:8989', {
 *   ...janus({ onHandshake: (id) => { session_id = id } }),
 *   serializer: 'json',
 *   onConnected: () => send({ janus: 'attach', session_id, plugin: 'janus.plugin.echotest', transaction: 'a' }),
 *   onMessage,
 * })
 */
export function janus({ onHandshake, token, apisecret, interval = 25_000, pongTimeout }: JanusOptions): CountingPreset {
  const request = (verb: string, session_id?: unknown) =>
    JSON.stringify({
      janus: verb,
      session_id,
      transaction: TRANSACTION,
      token: typeof token === 'function' ? token() : token,
      apisecret,
    });
  return {
    protocols: ['janus-protocol'],
    heartbeat() {
      let session_id: unknown;
      return {
        message: () => request('keepalive', session_id),
        control(data) {
          const { janus, transaction, data: about, session_id: id } = fieldsOf(data);
          if (janus === 'timeout' && id === session_id) return { end: { code: 1012, reason: janus } };
          if (transaction !== TRANSACTION) return undefined;
          if (janus === 'success') session_id = about?.id;
          return janus === 'ack' ? { answer: true } : undefined;
        },
        interval,
        pongTimeout,
      };
    },
    async handshake({ send, receive }) {
      send(request('create'));
      const { janus, data: about, error } = fieldsOf(await receive());
      if (janus !== 'success' || !about?.id) throw unexpected(error?.reason);
      onHandshake(about.id);
      return undefined;
    },
  };
}
