import { fieldsOf } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * Kraken, version 2 of its API. This side sends `{"method":"ping"}`, and Kraken answers `{"method":"pong",..}`. While anything is
 * subscribed Kraken also sends `{"channel":"heartbeat"}` each second in which there is no other news: a sign of life, which the app
 * does not get. A ping of the app's own, with a `req_id`, is answered to the app.
 *
 * @see https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/ping
 * @see https://docs.kraken.com/api/docs/websocket-v2/heartbeat
 *
 * @example
 * useHeartbeatSocket('wss://ws.kraken.com/v2', {
 *   ...kraken(),
 *   onConnected: (ws) => ws.send('{"method":"subscribe","params":{"channel":"ticker","symbol":["BTC/USD"]}}'),
 *   onMessage,
 * })
 */
export const kraken = (figures?: PresetFigures): Preset => ({
  heartbeat: {
    message: '{"method":"ping"}',
    control(data) {
      const { method, channel, req_id } = fieldsOf(data);
      if (method === 'pong' && req_id === undefined) return { answer: true };
      return channel === 'heartbeat' ? {} : undefined;
    },
    ...figures,
  },
});
