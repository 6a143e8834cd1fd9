import type { Preset, PresetFigures } from './preset.js';
import { textPing } from './text-ping.js';

/**
 * OKX, version 5 of its API: public, private and business channels. This side sends the text `ping`, and OKX answers `pong`. OKX
 * closes a connection when it has pushed no data for 30 s, so a heartbeat goes out after 20 s in which nothing was heard. The preset
 * does not log in: an app that uses private channels sends `{"op":"login",..}` in `onConnected`, or in a `handshake` of its own.
 *
 * @see https://www.okx.com/docs-v5/en/#overview-websocket-connect
 *
 * @example
 * useHeartbeatSocket('wss://ws.okx.com:8443/ws/v5/public', {
 *   ...okx(),
 *   onConnected: (ws) => ws.send('{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}'),
 *   onMessage,
 * })
 */
export const okx = ({ interval = 20_000, pongTimeout }: PresetFigures = {}): Preset =>
  textPing('ping', 'pong', { interval, pongTimeout });
