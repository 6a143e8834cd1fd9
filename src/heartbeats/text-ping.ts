import type { Preset, PresetFigures } from './preset.js';

/**
 * A server that answers a text with another text, alike for each heartbeat. Compared as a whole, so a message of the app that
 * contains these words reaches the app.
 *
 * @param ping What this side sends. Default `'ping'`.
 * @param pong What the server answers. Default `'pong'`.
 *
 * @example
 * useHeartbeatSocket(url, textPing())
 * useHeartbeatSocket(url, { ...textPing('PING', 'PONG', { interval: 25_000 }), onMessage })
 */
export const textPing = (ping = 'ping', pong = 'pong', figures?: PresetFigures): Preset => ({
  heartbeat: { message: ping, responseMessage: pong, ...figures },
});
