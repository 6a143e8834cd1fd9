import { fieldsOf } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/**
 * Binance, its market streams: spot, futures and options. Binance sends the pings of the WebSocket protocol, which the browser
 * answers by itself, even for a page that hears nothing any more, so they prove nothing to the page. Silence does not either: a quiet
 * stream has no news for minutes. So this side asks for something that is always answered, and changes nothing: the list of its
 * subscriptions, `{"method":"LIST_SUBSCRIPTIONS","id":2147483647}`. The app gets neither that list nor anything else with that id. A
 * heartbeat counts as one of the messages that Binance takes per second (5 on spot, 10 on futures). Binance closes each connection
 * after 24 hours; the library comes back.
 *
 * Not for the WebSocket API (`ws-api.binance.com`), which has a method `ping`.
 *
 * @see https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 *
 * @example
 * useHeartbeatSocket('wss://stream.binance.com:9443/ws/btcusdt@aggTrade', { ...binance(), onMessage })
 */
export const binance = (figures?: PresetFigures): Preset => ({
  heartbeat: {
    message: '{"method":"LIST_SUBSCRIPTIONS","id":2147483647}',
    control(data) {
      // A connection has up to 1,024 streams, so the list may be long. Messages of streams begin otherwise, and are not parsed.
      const { id, result } = /^{\s*"(?:result|id)"/.test(data as string) ? fieldsOf(data, Infinity) : {};
      return id === 2147483647 && Array.isArray(result) ? { answer: true } : undefined;
    },
    ...figures,
  },
});
