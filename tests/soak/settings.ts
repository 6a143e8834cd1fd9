/** The figures of the soak: those that the page runs with, and those that it must keep. In ms, where nothing else is said. */

/** Short, so that many faults fit. */
export const SETTINGS = {
  interval: 1_000,
  pongTimeout: 1_000,
  probeTimeout: 500,
  /** Of a handshake that is never answered, so much is still to come after the fault. */
  connectTimeout: 1_000,
  stableAfter: 1_000,
  /** The longest back-off. With `connectTimeout` it must stay below the limit for server-side faults. */
  maxDelay: 4_000,
  /** Messages kept while there is no connection: few, so that some are dropped, and reported. */
  bufferLimit: 20,
} as const;

export const LIMITS = {
  /** Longest recovery, by what the loss was. */
  local: 1_000,
  server: 6_000,
  /** From a silent cut until silence is found. */
  silence: SETTINGS.interval + SETTINGS.pongTimeout + 500,
  /** A connection that was open for so long has had a heartbeat answered. */
  answered: SETTINGS.interval + 500,
  /** No recovery by then: the fault was not survived. */
  survive: 12_000,
  /** At the end, until what was said last has been heard. */
  hush: 5_000,
  /** Growth from the middle to the end, after garbage collection. */
  heapBytes: 256 * 1024,
  listeners: 8,
  /** Connections of components that have gone, still in memory: the last one may be on its way out. */
  remembered: 2,
} as const;
