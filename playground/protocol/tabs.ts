/** What the tabs of one browser, which share a socket, and the server say to each other, as JSON. `?browser=` names the browser. */

export const TABS_PATH = '/tabs';

/** The longest text of one message, in UTF-16 units, and the longest name of a tab. */
export const MAX_TAB_TEXT = 200;
export const MAX_TAB_NAME = 8;

/** What a tab says. All tabs have one socket, so the server cannot tell which one it was: the tab gives its name. */
export interface TabsRequest {
  type: 'say';
  text: string;
  from: string;
}

export type TabsMessage =
  /** So many sockets of this browser the server counts now. Sent each second, and when the number changes. */
  | { type: 'count'; sockets: number }
  /** What a tab has said. `at`: ms since the epoch, by the server's clock. */
  | { type: 'said'; text: string; from: string; at: number };
