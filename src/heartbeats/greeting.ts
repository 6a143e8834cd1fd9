import type { ControlFrame } from '../core/heartbeat.js';

/**
 * A message that the handshake reads, and that the app gets, too, as soon as the connection is open: what is left of a handshake's messages
 * is the app's.
 */
export const greeting = (data: unknown): ControlFrame => ({ messages: [data, data] });
