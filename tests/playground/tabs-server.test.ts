/** The server's part in the socket that all tabs of a browser share: what it counts, and what it passes on. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_TAB_TEXT, type TabsMessage } from '../../playground/protocol/tabs.ts';
import { TALK } from '../../playground/server/bounds.ts';
import { eventually, type Peer, type Served, serve } from './served.ts';

let server: Served;

beforeEach(async () => {
  server = await serve();
});

afterEach(() => server.close());

/** A socket of a browser. Each tab of a browser is a visitor of its own. */
async function join(browser: string): Promise<Peer> {
  const { token } = await server.visit();
  return server.connect(`/tabs?browser=${browser}&token=${token}`);
}

const messagesOf = ({ heard }: Peer): TabsMessage[] =>
  heard.filter((text) => text !== 'HeartBeat').map((text) => JSON.parse(text));

const countOf = (peer: Peer): number | undefined =>
  messagesOf(peer).findLast((message) => message.type === 'count')?.sockets;

const saidTo = (peer: Peer): string[] =>
  messagesOf(peer).flatMap((message) => (message.type === 'said' ? [`${message.from}: ${message.text}`] : []));

const say = ({ socket }: Peer, text: unknown, from: unknown = '#tab'): void =>
  socket.send(JSON.stringify({ type: 'say', text, from }));

test('each socket is told how many its browser has, and again when one has ended', async () => {
  const [one, other, foreign] = [await join('a'), await join('a'), await join('b')];
  await eventually(() => expect([one, other, foreign].map(countOf)).toEqual([2, 2, 1]));
  one.socket.close();
  await eventually(() => expect(countOf(other)).toBe(1));
});

test('a number that does not change is told again each second', async () => {
  const one = await join('a');
  await eventually(() => expect(messagesOf(one).length).toBeGreaterThan(2));
  expect(new Set(messagesOf(one).map((message) => JSON.stringify(message)))).toEqual(
    new Set(['{"type":"count","sockets":1}']),
  );
});

test('what a tab says reaches all sockets of its browser, and no other', async () => {
  const [one, other, foreign] = [await join('a'), await join('a'), await join('b')];
  say(one, 'hello');
  say(foreign, 'last');
  await eventually(() =>
    expect([one, other, foreign].map(saidTo)).toEqual([['#tab: hello'], ['#tab: hello'], ['#tab: last']]),
  );
});

test('a heartbeat is answered', async () => {
  const one = await join('a');
  one.socket.send('HeartBeat');
  await eventually(() => expect(one.heard).toContain('HeartBeat'));
});

test('what makes no sense is passed on to nobody, and long names are cut', async () => {
  const one = await join('a');
  for (const nonsense of ['{', 'null', '[]', '{"type":"say"}', '{"type":"count","sockets":9}'])
    one.socket.send(nonsense);
  one.socket.send(Buffer.from('{"type":"say","text":"binary","from":""}'));
  for (const text of ['', '  ', 5, null, 'x'.repeat(MAX_TAB_TEXT + 1)]) say(one, text);
  say(one, 'y', 'a name that is long');
  say(one, 'z', { toString: 'no name' });
  await eventually(() => expect(saidTo(one)).toEqual(['a name t: y', ': z']));
});

test('of too much at once a part is passed on, and the socket stays', async () => {
  const one = await join('a');
  const count = (2 * TALK.burst) / 1_024;
  for (let number = 0; number < count; number += 1) say(one, `${number}`);
  one.socket.send('HeartBeat');
  await eventually(() => expect(one.heard).toContain('HeartBeat'));
  expect(saidTo(one).length).toBeGreaterThan(10);
  expect(saidTo(one).length).toBeLessThan(count);
});
