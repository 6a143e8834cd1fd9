/** The soak says "all is well" by what these find: so they must find it. */
import { expect, test } from 'vitest';
import { compareLogs } from './compare.ts';
import type { PageEvent } from './page-log.ts';

const opened = (i: number): PageEvent => ({ what: 'opened', i, t: 0 });
const closed = (i: number): PageEvent => ({ what: 'closed', i, t: 0, code: 1000, reason: '' });
const got = (c: number, s: number, i = c + 1): PageEvent => ({ what: 'got', i, c, s });
const sent = (n: number, i: number): PageEvent[] => [
  { what: 'given', n },
  { what: 'handed', n, i },
];

/** Two connections; the first one lost the last message of each side. */
const connections = [
  { c: 0, i: 1, sent: 3, received: [1] },
  { c: 1, i: 2, sent: 1, received: [4] },
];
const events: PageEvent[] = [
  opened(1),
  got(0, 0),
  ...sent(1, 1),
  got(0, 1),
  ...sent(2, 1),
  closed(1),
  { what: 'given', n: 3 },
  { what: 'dropped', n: 3, reason: 'overflow' },
  opened(2),
  ...sent(4, 2),
  got(1, 0),
  closed(2),
];

test('what a fault took at the end of a connection is counted as lost, and breaks nothing', () => {
  expect(compareLogs(connections, events)).toEqual({
    toServer: { sent: 4, received: 2, lost: 1, reportedLost: 1, twice: 0 },
    toPage: { sent: 4, received: 3, lost: 1, reportedLost: 0, twice: 0 },
    broken: [],
  });
});

const without = (...gone: number[]): PageEvent[] => events.filter((_, at) => !gone.includes(at));

test.each<[string, PageEvent[], RegExp]>([
  ['a message that came twice', [...events.slice(0, 2), got(0, 0), ...events.slice(2)], /the page got 0,0,1/],
  ['a message that is missing in the middle', without(1), /connection 0: the page got 1/],
  [
    'a message of an old connection',
    [...events.slice(0, -1), got(0, 2), closed(2)],
    /0 came after one of connection 1/,
  ],
  ['a message under the name of another connection', [...without(4), got(0, 1, 2)], /under another's name/],
  ['a message lost on a connection that was well', without(13), /last connection lost 1 of the server's/],
  ['a message that nobody reported as lost', without(9), /messages 3 were neither sent nor reported/],
  ['a message sent again', [...events, { what: 'handed', n: 1, i: 2 }], /sent twice/],
  [
    'a message that is unproven and was never sent',
    [...events, { what: 'dropped', n: 3, reason: 'unproven' }],
    /unproven/,
  ],
  ['two connections open for onConnected', without(7), /2 are open/],
  ['no onDisconnected at the end', without(14), /onDisconnected did not run for the last/],
])('the comparison finds %s', (_, log, finding) => {
  expect(compareLogs(connections, log).broken.join('\n')).toMatch(finding);
});

test('an attempt that the page gave up may reach the server after the last connection, and breaks nothing', () => {
  const withLate = [...connections, { c: 2, i: undefined, sent: 5, received: [] }];
  expect(compareLogs(withLate, events).broken).toEqual([]);
});

test('the comparison finds that the last connection of the page never reached the server', () => {
  expect(compareLogs(connections.slice(0, 1), events).broken.join('\n')).toMatch(
    /does not know the last connection, 2/,
  );
});

test('the comparison finds messages that reached the server in another order', () => {
  const swapped = connections.map((one) => ({ ...one, received: one.c ? [4] : [2, 1] }));
  expect(compareLogs(swapped, events).broken.join('\n')).toMatch(/the server got 2,1, the page had sent 1,2/);
});
