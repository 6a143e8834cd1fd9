/** The heartbeat of every connection of the playground, and its answer. Plain text, where all else is JSON. */
export const HEARTBEAT = 'HeartBeat';

/**
 * ms. The playground's heartbeats: a third of the library's default, so that nobody has to wait long for what a dead link
 * does. Both sides of the comparison use the same.
 */
export const HEARTBEAT_INTERVAL = 3_000;
export const PONG_TIMEOUT = 3_000;
