/** What the two sides of the comparison hear: a number each second, as JSON. */

export const FEED_PATH = '/feed';

/** Which of the two a connection belongs to: the usual component, or `useHeartbeatSocket`. */
export const SIDES = ['naive', 'ours'] as const;
export type Side = (typeof SIDES)[number];

export type FeedMessage =
  /** The first message on each connection. */
  | { type: 'welcome'; at: number }
  /** The same push goes to every connection of a client: how often it arrives is the number of copies. */
  | { type: 'push'; number: number; at: number };
