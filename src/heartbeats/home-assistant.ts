import { fieldsOf, type Given, unexpected, valueFrom } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

export interface HomeAssistantOptions extends PresetFigures {
  /** A long-lived access token, or a function that gives a token for each connection, for tokens that run out after half an hour. */
  token: Given<string>;
  /** Gives the next id. App and heartbeat must take theirs from one counter. */
  nextId: () => number;
}

/**
 * Home Assistant. The handshake: the server says `auth_required`, this side sends the token, the server says `auth_ok`.
 * `auth_invalid` ends the connection for good (`onFailed`), since Home Assistant blocks addresses that log in wrongly again and
 * again. This side then sends `{"id":n,"type":"ping"}`, and the server answers `{"id":n,"type":"pong"}`. The server itself closes no
 * silent connection; proxies in between usually do after 60 s.
 *
 * Home Assistant refuses a command whose id is not higher than the one before (`id_reuse`), so the app takes its ids from the counter
 * that the heartbeat uses, `nextId`, and sends each command at once (`send(command, false)`: one that waited would come with an
 * old id). The counter need not begin again with the next connection. Not for an app that turns on `coalesce_messages`: then
 * answers are hidden in lists, and reach the app.
 *
 * @see https://developers.home-assistant.io/docs/api/websocket
 *
 * @example
 * let id = 0
 * const nextId = () => ++id
 * useHeartbeatSocket('wss://home.example/api/websocket', {
 *   ...homeAssistant({ token, nextId }),
 *   onConnected: (ws) => ws.send(JSON.stringify({ id: nextId(), type: 'subscribe_events' })),
 *   onMessage,
 * })
 */
export const homeAssistant = ({ token, nextId, ...figures }: HomeAssistantOptions): Preset => ({
  heartbeat: {
    message: () => `{"id":${nextId()},"type":"ping"}`,
    control(data) {
      const { id, type } = fieldsOf(data);
      return type === 'pong' && Number.isInteger(id) ? { answer: true } : undefined;
    },
    ...figures,
  },
  async handshake({ send, receive, giveUp }) {
    const { type: first } = fieldsOf(await receive());
    if (first !== 'auth_required') throw unexpected(first);
    send(JSON.stringify({ type: 'auth', access_token: await valueFrom(token) }));
    const { type, message } = fieldsOf(await receive());
    if (type === 'auth_invalid') giveUp(message);
    if (type !== 'auth_ok') throw unexpected(type);
    return undefined;
  },
});
