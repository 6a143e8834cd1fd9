/** What `beforeConnect` is given, and what it may return. */

/** What `beforeConnect` may return: where this attempt goes instead. */
export interface ConnectTarget {
  /** The url of this attempt. Default: the url given to `useHeartbeatSocket`. */
  url?: string | URL;
  /** The sub-protocols of this attempt. Default: the option `protocols`. */
  protocols?: string | string[];
}

/** What `beforeConnect` may return: a target, or the url of it, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is welcome
export type ConnectGiven = ConnectTarget | string | URL | void;

/** What `beforeConnect` is called with. */
export interface ConnectAttempt {
  /** The url given to `useHeartbeatSocket`. The attempt goes there, unless `beforeConnect` returns another url. */
  readonly url: string | URL;
  /** How many attempts have failed in a row so far. */
  readonly failures: number;
  /** Aborts when the library abandons the attempt. Pass it to `fetch`. */
  readonly signal: AbortSignal;
  /**
   * When the last message came, in ms since the epoch; undefined before the first message. With it you can ask the
   * server for the messages that the page missed. If the url has changed, the last message may have come from the old
   * url.
   */
  readonly lastMessageAt: number | undefined;
}
