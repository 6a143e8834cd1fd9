/** What tabs that share a connection need from the runtime. `src/browser` has these ports for a page, `src/testing` has them in memory. */

/** A lock that a tab has asked for. */
export interface TabLock {
  /** Gives the lock back. If it was not granted yet, nobody asks for it any more. */
  release(): void;
}

/** A channel among the tabs of an origin. */
export interface TabChannel {
  /** Sends a message to all other tabs. Throws for what cannot be cloned. */
  post(message: object): void;
  close(): void;
}

/** The browser freezes the page, or lets it run again. */
export type TabSignal = 'freeze' | 'resume';

export interface TabPorts {
  /**
   * Asks for an exclusive lock. `granted`: this tab has it. `lost`: another tab has stolen it. `steals`: the lock is taken from whoever
   * has it.
   */
  request(name: string, granted: () => void, lost: () => void, steals?: boolean): TabLock;
  /** Tells whether anybody has the lock, and whether anybody waits for it. */
  query(name: string, tell: (isHeld: boolean, isAwaited: boolean) => void): void;
  /** Makes a url absolute: tabs that share a connection may stand at different addresses. */
  resolve(url: string): string;
  /** Joins a channel. `hear` is called with each message of another tab. */
  channel(name: string, hear: (message: unknown) => void): TabChannel;
  /** Calls `tell` with each signal until the function that it returns is called. */
  listen(tell: (signal: TabSignal) => void): () => void;
}
