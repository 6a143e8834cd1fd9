/** Compares what the server logged with what the page logged. */
import type { PageEvent } from './page-log.ts';
import type { ServerConnection } from './soak-server.ts';

export interface Traffic {
  sent: number;
  received: number;
  /** Handed to a connection that ended before it arrived. A WebSocket does not tell. */
  lost: number;
  /** Never handed to a connection, and the sender was told. */
  reportedLost: number;
  twice: number;
}

export interface Comparison {
  readonly toServer: Traffic;
  readonly toPage: Traffic;
  readonly broken: readonly string[];
}

/** A finding of the comparison that may be too early, as long as messages are under way. */
export const LAST_LOST = /^the last connection lost/;

type Named<What extends PageEvent['what']> = Extract<PageEvent, { what: What }>;

const twiceIn = (numbers: readonly unknown[]): number => numbers.length - new Set(numbers).size;

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Each message once and in order, from the first one on: what is missing is missing at the end. */
const isPrefix = (part: readonly number[], whole: readonly number[]): boolean =>
  part.length <= whole.length && part.every((n, at) => n === whole[at]);

export function compareLogs(
  connections: readonly Pick<ServerConnection, 'c' | 'i' | 'sent' | 'received'>[],
  events: readonly PageEvent[],
): Comparison {
  const broken: string[] = [];
  const rule = (holds: boolean, text: string): void => void (holds || broken.push(text));
  const all = <What extends PageEvent['what']>(what: What): Named<What>[] =>
    events.filter((event): event is Named<What> => event.what === what);

  const got = groupBy(all('got'), ({ c }) => c);
  const handed = groupBy(all('handed'), ({ i }) => i);
  // Attempts that the page gave up may reach the server late, so the page says which of the connections is the last.
  const newestOpened = all('opened').at(-1)?.i;
  rule(
    connections.some(({ i }) => i === newestOpened),
    `the server does not know the last connection, ${newestOpened}`,
  );

  for (const { c, i, sent, received } of connections) {
    const seen = got.get(c) ?? [];
    rule(
      isPrefix(
        seen.map(({ s }) => s),
        Array.from({ length: sent }, (_, s) => s),
      ),
      `connection ${c}: the page got ${seen.map(({ s }) => s)}`,
    );
    rule(
      seen.every((event) => event.i === i || i === undefined),
      `connection ${c}: messages came under another's name`,
    );
    const given = (handed.get(i ?? -1) ?? []).map(({ n }) => n);
    rule(isPrefix(received, given), `connection ${c}: the server got ${received}, the page had sent ${given}`);
    if (i === undefined || i !== newestOpened) continue;
    rule(seen.length === sent, `the last connection lost ${sent - seen.length} of the server's messages`);
    rule(received.length === given.length, `the last connection lost ${given.length - received.length} messages`);
  }

  let newest = -1;
  for (const { c } of all('got')) {
    rule(c >= newest, `a message of connection ${c} came after one of connection ${newest}`);
    newest = Math.max(newest, c);
  }

  const numbers = all('given').map(({ n }) => n);
  const handedNumbers = all('handed').map(({ n }) => n);
  // What is unproven was sent, and may have arrived.
  const numbersOf = (isUnproven: boolean): number[] =>
    all('dropped')
      .filter(({ reason }) => (reason === 'unproven') === isUnproven)
      .map(({ n }) => n);
  const dropped = numbersOf(false);
  const unproven = numbersOf(true);
  const fates = [...handedNumbers, ...dropped];
  const missing = numbers.filter((n) => !fates.includes(n));
  rule(!missing.length, `messages ${missing} were neither sent nor reported as dropped`);
  rule(!twiceIn(fates), 'messages were sent twice, or sent and reported as dropped');
  rule(
    !twiceIn(unproven) && unproven.every((n) => handedNumbers.includes(n)),
    'messages were reported as unproven twice, or were never sent',
  );
  rule(
    handedNumbers.every((n, at) => !at || n > (handedNumbers[at - 1] as number)),
    'messages were sent out of order',
  );

  let open = 0;
  for (const event of events) {
    if (event.what === 'opened') open += 1;
    if (event.what === 'closed') open -= 1;
    rule(
      open === 0 || open === 1,
      `connection ${'i' in event ? event.i : ''}: ${open} are open for onConnected and onDisconnected`,
    );
  }
  rule(open === 0, 'onDisconnected did not run for the last connection');

  const received = connections.flatMap((connection) => connection.received);
  const sentToPage = connections.reduce((sum, { sent }) => sum + sent, 0);
  const gotByPage = all('got').map(({ c, s }) => `${c} ${s}`);
  return {
    toServer: {
      sent: numbers.length,
      received: received.length,
      lost: handedNumbers.length - received.length,
      reportedLost: dropped.length,
      twice: twiceIn(received),
    },
    toPage: {
      sent: sentToPage,
      received: gotByPage.length,
      lost: sentToPage - gotByPage.length,
      reportedLost: 0,
      twice: twiceIn(gotByPage),
    },
    broken: [...new Set(broken)],
  };
}
