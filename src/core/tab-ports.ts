/** What tabs that share a connection need from the runtime. `src/browser` has these ports for a page, `src/testing` has them in memory. */

/** A lock that a tab has asked for. */
export interface TabLock {
  /** Gives the lock back. If it was not granted yet, nobody asks for it any more. */
  release(): void;
}

/** Who has a lock now. */
export interface FoundLock {
  readonly isHeld: boolean;
  /** Somebody waits for it. */
  readonly isAwaited: boolean;
  /** This tab has it. */
  readonly isOwn: boolean;
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
   * Asks for a lock, which one tab has at a time. `granted`: this tab has it. `lost`: another tab has stolen it. With `steal` the lock is
   * taken from whoever has it. With `shared` any number of tabs that ask so have it together, once nobody else has it.
   */
  request(name: string, granted: () => void, lost: () => void, how?: 'steal' | 'shared'): TabLock;
  /** Tells who has a lock. `own`: the name of a lock that this tab has for certain. */
  query(name: string, own: string, tell: (found: FoundLock) => void): void;
  /** Makes a url absolute: tabs that share a connection may stand at different addresses. */
  resolve(url: string): string;
  /** Joins a channel. `hear` is called with each message of another tab. */
  channel(name: string, hear: (message: unknown) => void): TabChannel;
  /** Calls `tell` with each signal until the function that it returns is called. */
  listen(tell: (signal: TabSignal) => void): () => void;
}
