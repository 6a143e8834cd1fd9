import type { Preset, PresetFigures } from './preset.js';
import { textPing } from './text-ping.js';

export interface NchanOptions extends PresetFigures {
  /** What this side sends: the first word of the directive. Default `'ping'`. */
  ping?: string | undefined;
  /** What nchan answers: the second word of the directive. Default `'pong'`. */
  pong?: string | undefined;
  /** Asks for the sub-protocol `ws+meta.nchan`: each message then begins with its id. Default false. */
  meta?: boolean | undefined;
}

/**
 * nchan, the module of nginx. This side sends a text, and nchan answers with another one, both named by a directive of the location:
 *
 *     nchan_websocket_client_heartbeat ping pong;
 *
 * Without that directive nchan does not answer, and where clients may publish, each heartbeat becomes a message for everybody. nchan
 * itself closes no silent connection, but for `nchan_subscriber_timeout` and `nchan_websocket_ping_interval`, whose pings the browser
 * answers; proxies in between usually do after 60 s.
 *
 * @see https://nchan.io/#nchan_websocket_client_heartbeat
 *
 * @example
 * useHeartbeatSocket('wss://example.com/sub/news', nchan())
 * useHeartbeatSocket('wss://example.com/sub/news', { ...nchan({ meta: true }), onMessage })
 */
export const nchan = ({ ping = 'ping', pong = 'pong', meta, ...figures }: NchanOptions = {}): Preset => ({
  ...(meta && { protocols: ['ws+meta.nchan'] }),
  ...textPing(ping, pong, figures),
});
