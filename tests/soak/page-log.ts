/** What the page tells the driver. `i` is the number that the page gave the connection, `t` is in ms since the epoch. */
export type PageEvent =
  | { readonly what: 'opened'; readonly i: number; readonly t: number }
  | { readonly what: 'closed'; readonly i: number; readonly t: number; readonly code: number; readonly reason: string }
  /** The server's message number `s` on its connection number `c`. */
  | { readonly what: 'got'; readonly i: number; readonly c: number; readonly s: number }
  /** The page's message number `n`: given to `send()`, then handed to a socket, or dropped. */
  | { readonly what: 'given'; readonly n: number }
  | { readonly what: 'handed'; readonly n: number; readonly i: number }
  | { readonly what: 'dropped'; readonly n: number; readonly reason: string }
  | { readonly what: 'signal'; readonly name: string; readonly t: number }
  | { readonly what: 'trouble'; readonly text: string };

export interface PageState {
  readonly status: 'CONNECTING' | 'OPEN' | 'CLOSED' | undefined;
  /** The newest connection that opened, and when. */
  readonly i: number;
  readonly openedAt: number;
  /** Sockets that are connecting or open, and the most that ever were. */
  readonly sockets: number;
  readonly mostSockets: number;
  /** Sockets that still wait for their `close` event: Chromium keeps those of dead links for a minute. */
  readonly closing: number;
  /** Timers that the library has running, and the most that it ever had. */
  readonly timers: number;
  readonly mostTimers: number;
  /** Listeners that the library has on window and document. */
  readonly listeners: number;
  /** Components that have gone, whose connections are still in memory: to be asked after garbage collection. */
  readonly remembered: number;
  /** By how much the page's own timer was late at most. */
  readonly stall: number;
}

export interface Look {
  readonly state: PageState;
  /** What happened since the last look. */
  readonly events: readonly PageEvent[];
}

/** The page's `window.soak`. */
export interface SoakPage {
  mount(): void;
  /** Ends the component, and then asks it to open, and at times to send, which must have no effect. */
  unmount(): void;
  /** The component sends nothing more. */
  hush(): void;
  look(): Look;
}
