/** The server of the side-by-side: what it counts, and what the fault panel makes it and the network do. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ControlMessage, ControlRequest, Figures } from '../../playground/protocol/control.ts';
import { createPlaygroundServer, type PlaygroundServer } from '../../playground/server/playground-server.ts';
import { eventually } from '../support/eventually.ts';

interface Peer {
  readonly socket: WebSocket;
  readonly heard: string[];
  /** The code that the connection ended with; 1006 for one that was refused too. */
  ended?: number;
}

let playground: PlaygroundServer;
let http: Server;
let peers: Peer[];
/** By the names that the tests have for their visitors. */
const tokens = new Map<string, string>();

beforeEach(async () => {
  peers = [];
  playground = await createPlaygroundServer();
  http = createServer().on('upgrade', (...upgrade) => playground.handleUpgrade(...upgrade));
  await once(http.listen(0, '127.0.0.1'), 'listening');
  for (const name of ['a', 'b']) tokens.set(name, await tokenOf(await connect('/control')));
});

afterEach(async () => {
  for (const { socket } of peers) socket.terminate();
  await playground.close();
  http.closeAllConnections();
  http.close();
});

/** `/feed?client=a` means: with the token of the visitor that the test calls `a`. */
function attempt(path: string): Peer {
  const { port } = http.address() as AddressInfo;
  const shown = path.replace(/client=(\w+)/, (_, name) => `token=${tokens.get(name)}`);
  const socket = new WebSocket(`ws://127.0.0.1:${port}${shown}`);
  const peer: Peer = { socket, heard: [] };
  socket.on('message', (data) => peer.heard.push(String(data)));
  socket.on('error', () => {});
  socket.on('close', (code) => {
    peer.ended = code;
  });
  peers.push(peer);
  return peer;
}

async function connect(path: string): Promise<Peer> {
  const peer = attempt(path);
  await eventually(() => expect(peer.socket.readyState).toBe(WebSocket.OPEN));
  return peer;
}

/** The token that a control connection was given. */
async function tokenOf({ heard }: Peer): Promise<string> {
  await eventually(() => expect(heard[0]).toContain('visitor'));
  const [message] = heard.map((text) => JSON.parse(text) as ControlMessage);
  return message?.type === 'visitor' ? message.token : '';
}

/** A control connection that asks, and answers with what it was told last. */
async function control(client: string) {
  const peer = await connect(`/control?client=${client}`);
  const messages = (): ControlMessage[] => peer.heard.map((text) => JSON.parse(text));
  const ask = async (request: ControlRequest): Promise<void> => {
    const done = (): number => messages().filter(({ type }) => type === 'done').length;
    const before = done();
    peer.socket.send(JSON.stringify(request));
    await eventually(() => expect(done()).toBe(before + 1));
  };
  const last = () => messages().findLast((message) => message.type === 'figures');
  return { peer, ask, figures: (): Figures | undefined => last()?.figures, lasting: () => last()?.lasting };
}

const welcomed = ({ heard }: Peer): Promise<void> =>
  eventually(() => expect(heard.some((text) => text.includes('welcome'))).toBe(true));

/** Tries until it is let in. */
const isLetIn = async (path: string): Promise<void> => {
  let peer = attempt(path);
  await eventually(() => {
    if (peer.ended) peer = attempt(path);
    expect(peer.socket.readyState).toBe(WebSocket.OPEN);
  });
};

const isAnswered = async ({ socket, heard }: Peer): Promise<void> => {
  heard.length = 0;
  socket.send('HeartBeat');
  await eventually(() => expect(heard).toContain('HeartBeat'));
};

const NOBODY = { live: 0, silent: 0 };

describe('the figures', () => {
  test('are of each side of one client', async () => {
    const { figures } = await control('a');
    await eventually(() => expect(figures()).toEqual({ naive: NOBODY, ours: NOBODY }));
    await connect('/feed?client=a&side=naive');
    const second = await connect('/feed?client=a&side=naive');
    await connect('/feed?client=a&side=ours');
    await connect('/feed?client=b&side=ours');
    await eventually(() => expect(figures()).toEqual({ naive: { live: 2, silent: 0 }, ours: { live: 1, silent: 0 } }));
    second.socket.close();
    await eventually(() => expect(figures()?.naive.live).toBe(1));
  });

  test('every connection of a client hears the same push', async () => {
    const [one, other] = [await connect('/feed?client=a&side=naive'), await connect('/feed?client=a&side=ours')];
    const pushes = ({ heard }: Peer): string[] => heard.filter((text) => text.includes('push'));
    // The first may have come before the other was there.
    await eventually(() => expect(pushes(one)).toContain(pushes(other)[0]));
  });
});

describe('a fault of one client', () => {
  test.each([
    ['reset', 1006],
    ['close', 4001],
  ] as const)('%s ends its connections, and no others', async (fault, code) => {
    const { ask, peer } = await control('a');
    const all = ['/feed?client=a', '/chat?client=a', '/run?client=a&run=1', '/tabs?client=a&browser=1'];
    const mine = await Promise.all(all.map(connect));
    const other = await connect('/feed?client=b');
    await ask({ type: 'strike', fault, code: 4001 });
    await eventually(() => forEach(mine, ({ ended }) => expect(ended).toBe(code)));
    await isAnswered(other);
    await isAnswered(peer);
  });

  test('cut: nothing comes any more, neither end is told, and a new connection works', async () => {
    const { ask } = await control('a');
    const mine = await connect('/feed?client=a');
    await welcomed(mine);
    await ask({ type: 'strike', fault: 'cut' });
    mine.heard.length = 0;
    mine.socket.send('HeartBeat');
    await isAnswered(await connect('/feed?client=a'));
    expect([mine.heard, mine.socket.readyState]).toEqual([[], WebSocket.OPEN]);
  });

  test('restart: 1012 for everybody, then nobody is let in, then all is well', async () => {
    const { ask } = await control('a');
    const both = [await connect('/feed?client=a'), await connect('/feed?client=b')];
    await ask({ type: 'strike', fault: 'restart' });
    await eventually(() => forEach(both, ({ ended }) => expect(ended).toBe(1012)));
    const early = attempt('/feed?client=a');
    await eventually(() => expect(early.ended).toBe(1006));
    await isLetIn('/feed?client=a');
  });

  test('restart: what was said and counted before is still there after it', async () => {
    const { ask } = await control('a');
    const [chat, run] = [await connect('/chat?client=a'), await connect('/run?client=a&run=1')];
    await welcomed(chat);
    const [{ epoch }] = chat.heard.map((text) => JSON.parse(text)) as [{ epoch: string }];
    chat.socket.send(JSON.stringify({ type: 'chat', text: 'before' }));
    run.socket.send(JSON.stringify({ number: 1 }));
    await eventually(() => expect(chat.heard.some((text) => text.includes('before'))).toBe(true));
    await eventually(() => expect(run.heard.some((text) => text.includes('"arrived":1'))).toBe(true));
    await ask({ type: 'strike', fault: 'restart' });
    await eventually(() => forEach([chat, run], ({ ended }) => expect(ended).toBe(1012)));
    await isLetIn('/feed?client=a');
    const again = await connect(`/chat?client=a&epoch=${epoch}&since=0`);
    await eventually(() => expect(again.heard.some((text) => text.includes('before'))).toBe(true));
    expect(again.heard.some((text) => text.includes('missed'))).toBe(false);
    const counted = await connect('/run?client=a&run=1');
    await eventually(() => expect(counted.heard.some((text) => text.includes('"arrived":1'))).toBe(true));
  });

  test('mute: no answer and no push, until it is lifted', async () => {
    const { ask, lasting } = await control('a');
    const [mine, other] = [await connect('/feed?client=a'), await connect('/feed?client=b')];
    await welcomed(mine);
    await ask({ type: 'set', fault: 'mute', on: true });
    await eventually(() => expect(lasting()).toEqual(['mute']));
    mine.heard.length = 0;
    mine.socket.send('HeartBeat');
    await isAnswered(other);
    expect(mine.heard).toEqual([]);
    await ask({ type: 'set', fault: 'mute', on: false });
    await isAnswered(mine);
  });

  test('refuse: what is connected is reset, and so is whoever comes', async () => {
    const { ask } = await control('a');
    const mine = await connect('/feed?client=a');
    await ask({ type: 'set', fault: 'refuse', on: true });
    const late = attempt('/feed?client=a');
    await eventually(() => forEach([mine, late], ({ ended }) => expect(ended).toBe(1006)));
    await isAnswered(await connect('/feed?client=b'));
    await ask({ type: 'set', fault: 'refuse', on: false });
    await isAnswered(await connect('/feed?client=a'));
  });

  test.each(['hang', 'offline'] as const)('%s: who comes gets no answer, not even to its handshake', async (fault) => {
    const { ask } = await control('a');
    await ask({ type: 'set', fault, on: true });
    const mine = attempt('/feed?client=a');
    await isAnswered(await connect('/feed?client=b'));
    expect(mine.socket.readyState).toBe(WebSocket.CONNECTING);
    await ask({ type: 'set', fault, on: false });
    await isAnswered(await connect('/feed?client=a'));
  });

  test('delay: all comes, and late', async () => {
    const { ask } = await control('a');
    const mine = await connect('/feed?client=a');
    await ask({ type: 'set', fault: 'delay', on: true });
    const before = performance.now();
    await isAnswered(mine);
    // A second in each direction.
    expect(performance.now() - before).toBeGreaterThan(1_900);
  });

  test('is lifted when its page is gone', async () => {
    for (const { socket } of peers) socket.close();
    const { ask, peer } = await control('a');
    await ask({ type: 'set', fault: 'refuse', on: true });
    peer.socket.close();
    await isLetIn('/feed?client=a');
  });
});

test('what makes no sense changes nothing', async () => {
  const { peer, figures } = await control('a');
  const mine = await connect('/feed?client=a');
  for (const text of ['', '{', 'null', '{"type":"strike","fault":"magic"}', '{"type":"set","fault":"mute"}']) {
    peer.socket.send(text);
  }
  peer.socket.send(JSON.stringify({ type: 'strike', fault: 'close', code: 1006 } satisfies ControlRequest));
  // A code that no server may send is the ordinary one.
  await eventually(() => expect(mine.ended).toBe(1000));
  await eventually(() => expect(figures()?.ours.live).toBe(0));
});

function forEach<Item>(items: readonly Item[], run: (item: Item) => void): void {
  for (const item of items) run(item);
}
