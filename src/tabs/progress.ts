/** How far the messages of each tab are on their way to the server, and what the tabs are told of that. */
import { createLine, type OnTheWay, type Refusal } from './line.js';
import type { Body } from './protocol.js';

/** How many messages of one tab the socket of now has taken, how many of them the server has, and which ones have newly expired. */
interface Far {
  took: number;
  delivered: number;
  expired: number[];
}

export interface Progress {
  /** A message of a tab waits for the socket. */
  add(message: OnTheWay): void;
  /** The socket has taken the oldest message that waits for it, or (`refusal`) will never take it. */
  next(refusal?: Refusal): void;
  /** The server has the oldest message that the socket has taken. */
  delivered(): void;
  /** Tells the tabs how far their messages are. */
  say(): void;
  /** Tells the tab whose message the socket has taken last: the server has closed the connection for that message. */
  sayRefused(): void;
  forgetTab(tab: string): void;
  /** The connection is another one. */
  clear(): void;
}

/** `isProven`: the server tells what it has. `connection` gives the number of the connection that is open. */
export function createProgress(isProven: boolean, connection: () => number, say: (body: Body) => void): Progress {
  const tabs = new Map<string, Far>();
  /** The tabs that do not know yet how far their messages are. */
  const unsaid = new Set<string>();

  const farOf = (tab: string): Far => {
    const known = tabs.get(tab) ?? { took: 0, delivered: 0, expired: [] };
    tabs.set(tab, known);
    return known;
  };
  const sayTo = (to: string, refused?: number): void => {
    const far = tabs.get(to);
    if (far) {
      say({
        type: 'ack',
        to,
        connection: connection(),
        ...far,
        expired: far.expired.splice(0),
        ...(refused && { refused }),
      });
    }
  };
  const sayAll = (): void => {
    for (const to of unsaid) {
      // First, since what a tab is told may make it give up the lead, and then all others have to be told before.
      unsaid.delete(to);
      sayTo(to);
    }
  };
  /** Several messages at once are told together. */
  const note = (tab: string): void => {
    // What the leader itself sends for a tab that is gone.
    if (!tab) return;
    if (!unsaid.size) Promise.resolve().then(sayAll);
    unsaid.add(tab);
  };
  const unproven = createLine(({ from, number }) => {
    farOf(from).delivered = number;
    note(from);
  });
  const waiting = createLine((message, refusal) => {
    const far = farOf(message.from);
    far.took = message.number;
    if (refusal === 'expired') far.expired.push(message.number);
    note(message.from);
    if (isProven && !refusal) unproven.add(message);
  });
  return {
    add: waiting.add,
    next: waiting.next,
    delivered: () => unproven.next(),
    say: sayAll,
    sayRefused() {
      // Messages before the last one may be unproven as well: the server has read them, and has not said so yet.
      const last = unproven.last();
      if (last) sayTo(last.from, last.number);
    },
    forgetTab: (tab) => tabs.delete(tab),
    clear() {
      waiting.clear();
      unproven.clear();
      unsaid.clear();
      tabs.clear();
    },
  };
}
