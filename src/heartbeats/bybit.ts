import { fieldsOf } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * Bybit, version 5 of its API: public and private streams, and order entry. This side sends `{"op":"ping"}` each 20 s, as Bybit
 * recommends. Public streams answer with the same `op` and `"ret_msg":"pong"`, the others with `"op":"pong"`. A ping of the app's
 * own, with a `req_id`, is answered to the app. The preset does not log in: an app that uses private streams sends `{"op":"auth",..}`
 * in `onConnected`, or in a `handshake` of its own.
 *
 * @see https://bybit-exchange.github.io/docs/v5/ws/connect
 *
 * @example
 * useHeartbeatSocket('wss://stream.bybit.com/v5/public/spot', {
 *   ...bybit(),
 *   onConnected: (ws) => ws.send('{"op":"subscribe","args":["orderbook.1.BTCUSDT"]}'),
 *   onMessage,
 * })
 */
export const bybit = ({ interval = 20_000, pongTimeout }: PresetFigures = {}): Preset => ({
  heartbeat: {
    message: '{"op":"ping"}',
    control(data) {
      const { op, ret_msg, req_id } = fieldsOf(data);
      return !req_id && (op === 'pong' || (op === 'ping' && ret_msg === 'pong')) ? { answer: true } : undefined;
    },
    interval,
    pongTimeout,
  },
});
