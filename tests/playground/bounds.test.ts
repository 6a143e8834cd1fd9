/** What a client can make the playground's server keep: everything that grows has an end. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createAllowance } from '../../playground/server/allowance.ts';
import {
  MAX_ALL_CONNECTIONS,
  MAX_ALL_CONTROLS,
  MAX_CONNECTIONS,
  MAX_CONTROLS,
} from '../../playground/server/bounds.ts';
import { watchForClose } from '../../playground/server/close-frame.ts';
import { eventually, outcome, type Peer, type Served, serve } from './served.ts';

let server: Served;

beforeEach(async () => {
  server = await serve();
});

afterEach(() => server.close());

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

const outcomes = (peers: Peer[]): Promise<unknown[]> => Promise.all(peers.map(outcome));

const hangUp = async (peers: Peer[]): Promise<void> => {
  for (const { socket } of peers) socket.terminate();
  await eventually(() => expect(peers.every(({ ended }) => ended)).toBe(true));
};

/** Tries until it is let in. */
async function isLetIn(path: string): Promise<void> {
  let peer = server.attempt(path);
  await eventually(() => {
    if (peer.ended) peer = server.attempt(path);
    expect(peer.socket.readyState).toBe(WebSocket.OPEN);
  });
}

describe('connections', () => {
  test('of one visitor: who takes all there are for one is refused more, and nobody else is', async () => {
    const [eve, ann] = [await server.visit(), await server.visit()];
    const taken = times(MAX_CONNECTIONS, (at) => server.attempt(`/${at % 2 ? 'chat' : 'feed'}?token=${eve.token}`));
    expect(new Set(await outcomes(taken))).toEqual(new Set([101]));
    expect(await outcome(server.attempt(`/feed?token=${eve.token}`))).toBe(503);
    expect(await outcome(server.attempt(`/feed?token=${ann.token}`))).toBe(101);
    await hangUp(taken);
    await isLetIn(`/feed?token=${eve.token}`);
  });

  test('that were cut or never answered are counted, as long as anybody holds them', async () => {
    const eve = await server.visit();
    const ask = (request: object): void => eve.peer.socket.send(JSON.stringify(request));
    const done = (count: number): Promise<void> =>
      eventually(() => expect(eve.messages().filter(({ type }) => type === 'done')).toHaveLength(count));
    const cut = times(MAX_CONNECTIONS / 2, () => server.attempt(`/feed?token=${eve.token}`));
    await outcomes(cut);
    ask({ type: 'strike', fault: 'cut' });
    ask({ type: 'set', fault: 'hang', on: true });
    await done(2);
    // Each is held here by one socket, where a connection has two.
    const hung = times(MAX_CONNECTIONS, () => server.attempt(`/feed?token=${eve.token}`));
    const late = server.attempt(`/feed?token=${eve.token}`);
    expect(await outcome(late)).toBe(503);
    await hangUp([...cut, ...hung]);
    ask({ type: 'set', fault: 'hang', on: false });
    await isLetIn(`/feed?token=${eve.token}`);
  });

  test('of all visitors together', async () => {
    const visitors = await Promise.all(times(MAX_ALL_CONNECTIONS / MAX_CONNECTIONS, () => server.visit()));
    const taken = visitors.flatMap(({ token }) => times(MAX_CONNECTIONS, () => server.attempt(`/feed?token=${token}`)));
    expect(new Set(await outcomes(taken))).toEqual(new Set([101]));
    const { token } = await server.visit();
    expect(await outcome(server.attempt(`/feed?token=${token}`))).toBe(503);
    await hangUp(taken);
    await isLetIn(`/feed?token=${token}`);
  });

  test('for control: of one visitor, and of all', async () => {
    const { token } = await server.visit();
    const own = times(MAX_CONTROLS - 1, () => server.attempt(`/control?token=${token}`));
    expect(new Set(await outcomes(own))).toEqual(new Set([101]));
    expect(await outcome(server.attempt(`/control?token=${token}`))).toBe(503);
    const others = times(MAX_ALL_CONTROLS - MAX_CONTROLS, () => server.attempt('/control'));
    expect(new Set(await outcomes(others))).toEqual(new Set([101]));
    expect(await outcome(server.attempt('/control'))).toBe(503);
    await hangUp(others);
    await isLetIn('/control');
  });

  test('that were refused do not stay, though the client never ends them', async () => {
    const before = await server.connections();
    const paths = ['/control', '/feed', '/elsewhere'];
    const clients = paths.map((path, at) => {
      const client = connectTcp({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).resume();
      const origin = at ? '' : 'Origin: http://evil.example\r\n';
      client.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${origin}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      return client;
    });
    await Promise.all(clients.map((client) => once(client, 'end')));
    await expect.poll(server.connections).toBe(before);
    for (const client of clients) client.destroy();
  });
});

describe('messages', () => {
  test.each(['control', 'feed', 'chat', 'run'])('%s: one that is too long ends its connection', async (path) => {
    const { token } = await server.visit();
    const peer = await server.connect(`/${path}?token=${token}`);
    peer.socket.send('x'.repeat(20_000));
    await eventually(() => expect(peer.ended).toBe(1009));
  });

  test.each(['control', 'feed', 'chat', 'run'])(
    '%s: one that never ends, in empty parts, ends its connection',
    async (path) => {
      const { token } = await server.visit();
      const peer = await server.connect(`/${path}?token=${token}`);
      for (const _ of times(200, () => 0)) peer.socket.send('', { fin: false });
      await eventually(() => expect(peer.ended).toBe(1008));
    },
  );
});

test('a server that is asked to restart again and again is back in between', async () => {
  const { token, peer } = await server.visit();
  const again = setInterval(() => peer.socket.send(JSON.stringify({ type: 'strike', fault: 'restart' })), 400);
  await eventually(() => expect(peer.heard.some((text) => text.includes('done'))).toBe(true));
  await isLetIn(`/feed?token=${token}`);
  clearInterval(again);
});

describe('a frame that never ends', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kept = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const chunk = Buffer.alloc(64 * 1_024, 0x88);
  const endless = Buffer.from([0x82, 0xff, 0, 0, 0, 255, 255, 255, 255, 255, 1, 2, 3, 4]);

  test.each([
    ['after the handshake', [Buffer.from('GET / HTTP/1.1\r\n\r\n'), endless]],
    ['in place of the handshake', []],
  ])('%s: nothing of it is kept', (_, start) => {
    const sawClose = watchForClose();
    for (const part of start) sawClose(part);
    const before = kept();
    for (const _ of times(1_200, () => 0)) expect(sawClose(chunk)).toBe(false);
    expect(kept() - before).toBeLessThan(8_000_000);
    expect(sawClose(chunk)).toBe(false);
  });

  test('a close frame after one that was very long is found', () => {
    const sawClose = watchForClose();
    const long = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4]);
    sawClose(Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n\r\n'), long]));
    for (const _ of times(16, () => 0)) expect(sawClose(chunk)).toBe(false);
    expect(sawClose(Buffer.from([0x88]))).toBe(false);
    expect(sawClose(Buffer.from([0x80]))).toBe(true);
  });
});

test('an allowance is used up, and comes back with time', () => {
  let now = 0;
  const may = createAllowance(3, 2, () => now);
  const granted = (): number => times(10, () => may(1)).filter(Boolean).length;
  expect(granted()).toBe(3);
  now += 499;
  expect(granted()).toBe(0);
  now += 1;
  expect(granted()).toBe(1);
  now += 3_600_000;
  expect(may(4)).toBe(false);
  expect(granted()).toBe(3);
});
