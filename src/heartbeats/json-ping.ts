import { fieldsOf } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * A server that speaks JSON, and has a field that names the kind of each message. This side sends `{"type":"ping"}`, and the server
 * answers `{"type":"pong"}`, with any other fields beside (a time, for example). A server that sends exactly `{"type":"ping"}` itself
 * gets `{"type":"pong"}` back. Neither reaches the app. A ping that has other fields beside is the app's.
 *
 * @param field The name of the field. Default `'type'`.
 * @param figures The library's defaults hold: a heartbeat after 10 s of quiet, and 10 s for the answer.
 *
 * @example
 * useHeartbeatSocket(url, jsonPing())
 * useHeartbeatSocket(url, { ...jsonPing('event', { interval: 25_000 }), serializer: 'json', onMessage })
 */
export const jsonPing = (field = 'type', figures?: PresetFigures): Preset => ({
  heartbeat: {
    message: JSON.stringify({ [field]: 'ping' }),
    control(data) {
      const fields = fieldsOf(data);
      if (fields[field] === 'pong') return { answer: true };
      return fields[field] === 'ping' && Object.keys(fields).length < 2
        ? { reply: JSON.stringify({ [field]: 'pong' }) }
        : undefined;
    },
    ...figures,
  },
});
