/** The server's part in a run of numbered messages: what it sends, what it counts, and how much of that it keeps. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RUN_EVERY, RUN_LENGTH, type RunMessage } from '../../playground/protocol/run.ts';
import { MAX_ALL_RUNS, MAX_RUNS, RUN_KEPT } from '../../playground/server/bounds.ts';
import { createRunServer } from '../../playground/server/run-server.ts';
import { createRuns, type Runs } from '../../playground/server/runs.ts';
import type { ClientService } from '../../playground/server/service.ts';
import { eventually, knock, outcome, type Peer } from './served.ts';

let now: number;
let runs: Runs;
let service: ClientService;
let http: Server;
let muted: string;
const peers: Peer[] = [];

beforeEach(async () => {
  now = 1_000;
  muted = '';
  runs = createRuns(() => now);
  service = createRunServer({ runs, isMuted: (client) => client === muted });
  http = createServer().on('upgrade', (...upgrade) => service.handleUpgrade(...upgrade));
  await once(http.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.terminate();
  await service.close();
  http.closeAllConnections();
  http.close();
});

function attempt(query: string): Peer {
  const peer = knock(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/run?${query}`);
  peers.push(peer);
  return peer;
}

async function connect(query: string): Promise<Peer> {
  const peer = attempt(query);
  expect(await outcome(peer)).toBe(101);
  return peer;
}

const messagesOf = ({ heard }: Peer): RunMessage[] =>
  heard.filter((text) => text !== 'HeartBeat').map((text) => JSON.parse(text));

const numbersOf = (peer: Peer): number[] =>
  messagesOf(peer).flatMap((message) => (message.type === 'down' ? [message.number] : []));

const countOf = (peer: Peer): RunMessage | undefined => messagesOf(peer).findLast(({ type }) => type === 'count');

const upTo = (number: number): number[] => Array.from({ length: number }, (_, at) => at + 1);

/** Waits until the server has told all that is due now. */
const hears = (peer: Peer, sent: number): Promise<void> =>
  eventually(() => expect(countOf(peer)).toMatchObject({ sent }));

describe('the numbers that the server sends', () => {
  test('come one after the other, each once, and end', async () => {
    const peer = await connect('client=a&run=1');
    now += 10 * RUN_EVERY;
    await hears(peer, 10);
    now += RUN_LENGTH * RUN_EVERY;
    await hears(peer, RUN_LENGTH);
    expect(numbersOf(peer)).toEqual(upTo(RUN_LENGTH));
  });

  test('go on where a connection says that it is; one that says nothing misses what was sent meanwhile', async () => {
    const first = await connect('client=a&run=1');
    now += 10 * RUN_EVERY;
    await hears(first, 10);
    first.socket.terminate();
    now += 10 * RUN_EVERY;
    const [caughtUp, others] = [await connect('client=a&run=1&since=7'), await connect('client=a&run=1')];
    now += RUN_EVERY;
    await Promise.all([hears(caughtUp, 21), hears(others, 21)]);
    expect(numbersOf(caughtUp)).toEqual(upTo(21).slice(7));
    expect(numbersOf(others)).toEqual([21]);
  });

  test.each(['-5', 'x', '1.5', ''])('begin with the first for who says nonsense (%s)', async (since) => {
    const peer = await connect(`client=a&run=1&since=${since}`);
    now += 2 * RUN_EVERY;
    await hears(peer, 2);
    expect(numbersOf(peer)).toEqual([1, 2]);
  });

  test('wait while the server is mute to the client', async () => {
    const peer = await connect('client=a&run=1');
    await hears(peer, 0);
    muted = 'a';
    now += 5 * RUN_EVERY;
    peer.socket.send('HeartBeat');
    const other = await connect('client=b&run=1');
    await hears(other, 0);
    expect([numbersOf(peer), peer.heard.includes('HeartBeat')]).toEqual([[], false]);
    muted = '';
    await hears(peer, 5);
    expect(numbersOf(peer)).toEqual(upTo(5));
  });
});

describe('the numbers that come', () => {
  test('are counted once each, over all connections of the run, and what comes again is told', async () => {
    const first = await connect('client=a&run=1');
    for (const number of [1, 2, 3]) first.socket.send(JSON.stringify({ number }));
    await eventually(() => expect(countOf(first)).toMatchObject({ arrived: 3, twice: 0 }));
    const [second, other] = [await connect('client=a&run=1'), await connect('client=a&run=2')];
    for (const number of [3, 4]) second.socket.send(JSON.stringify({ number }));
    await eventually(() => expect(countOf(second)).toMatchObject({ arrived: 4, twice: 1 }));
    expect(countOf(other)).toMatchObject({ arrived: 0, twice: 0 });
  });

  test('that are none of the run are not counted', async () => {
    const peer = await connect('client=a&run=1');
    const numbers = [0, -1, 1.5, RUN_LENGTH + 1, '1', null, {}];
    for (const text of ['', '{', 'null', ...numbers.map((number) => JSON.stringify({ number }))])
      peer.socket.send(text);
    peer.socket.send(JSON.stringify({ number: RUN_LENGTH }));
    await eventually(() => expect(countOf(peer)).toMatchObject({ arrived: 1, twice: 0 }));
  });

  test('are still known to the server that goes on after a restart', async () => {
    const before = await connect('client=a&run=1');
    before.socket.send(JSON.stringify({ number: 1 }));
    await eventually(() => expect(countOf(before)).toMatchObject({ arrived: 1 }));
    now += 3 * RUN_EVERY;
    await service.close();
    service = createRunServer({ runs });
    const after = await connect('client=a&run=1&since=0');
    await hears(after, 3);
    expect([numbersOf(after), countOf(after)]).toEqual([upTo(3), { type: 'count', sent: 3, arrived: 1, twice: 0 }]);
  });
});

describe('runs', () => {
  test('of one client are only so many: the oldest is forgotten', () => {
    const first = runs.get('a', '0');
    first?.arrive(1);
    for (let at = 1; at < MAX_RUNS; at += 1) runs.get('a', String(at));
    expect(runs.get('a', '0')).toBe(first);
    runs.get('a', 'one more');
    expect(runs.get('a', '0')?.arrived).toBe(0);
  });

  test('of all clients are only so many: one more gets 1013, until the others have gone', async () => {
    for (let at = 0; at < MAX_ALL_RUNS; at += 1) expect(runs.get(`client ${at}`, '')).toBeDefined();
    const late = attempt('client=a&run=1');
    await eventually(() => expect(late.ended).toBe(1013));
    now += RUN_KEPT;
    await hears(await connect('client=a&run=1'), 0);
  });
});
