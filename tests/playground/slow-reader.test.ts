/** Clients that do not read what they are sent, or send more than passes: the rest stays with the sender, or they are cut. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Person } from '../../playground/protocol/chat.ts';
import { TALK_OF_ALL } from '../../playground/server/bounds.ts';
import { createChatServer } from '../../playground/server/chat-server.ts';
import { createControlServer } from '../../playground/server/control-server.ts';
import { FaultLinks } from '../../playground/server/fault-links.ts';
import { accept, createSocketServer, send } from '../../playground/server/service.ts';
import { createVisitors } from '../../playground/server/visitors.ts';
import { eventually, knock, outcome, type Peer } from './served.ts';

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('the chat', () => {
  async function startChat(options: Parameters<typeof createChatServer>[0] = {}) {
    const chat = createChatServer(options);
    const port = await listen(createHttpServer().on('upgrade', chat.handleUpgrade));
    ends.push(chat.close);
    return async (name: string): Promise<Peer> => {
      const peer = knock(`ws://127.0.0.1:${port}/chat?client=${name}&name=${name}`, { autoPong: false });
      ends.push(() => peer.socket.terminate());
      expect(await outcome(peer)).toBe(101);
      return peer;
    };
  }

  const of = (peer: Peer, type: string) =>
    peer.heard
      .filter((text) => text !== 'HeartBeat')
      .map((text) => JSON.parse(text))
      .filter((message) => message.type === type);
  const names = (peer: Peer): string[] => (of(peer, 'people').at(-1)?.people ?? []).map(({ name }: Person) => name);

  test('cuts nobody who reads, whatever the number of those who talk at once: all together can say only so much', async () => {
    const join = await startChat();
    const ann = await join('Ann');
    const speakers = await Promise.all(times(48, (at) => join(`speaker${at}`)));
    const message = JSON.stringify({ type: 'chat', text: '\u0000'.repeat(2_000) });
    const before = performance.now();
    for (const { socket } of speakers) for (const _ of times(20, () => 0)) socket.send(message);
    const answers = (peer: Peer) =>
      of(peer, 'error').length + of(peer, 'chat').filter(({ name }) => peer === speakers[Number(name.slice(7))]).length;
    await eventually(() => expect(speakers.every((peer) => answers(peer) === 20)).toBe(true));
    const seconds = (performance.now() - before) / 1_000;
    const allowed = TALK_OF_ALL.burst + TALK_OF_ALL.perSecond * seconds;
    expect(of(ann, 'chat').length * message.length).toBeLessThanOrEqual(allowed);
    expect([ann, ...speakers].map(({ ended }) => ended)).toEqual(times(49, () => undefined));
  });

  test.each([
    ['heartbeats', (peer: Peer) => peer.socket.send('HeartBeat')],
    ['nonsense', (peer: Peer) => peer.socket.send('{"type":"chat","text":1}')],
  ])('cuts who reads no answer to its %s', async (_, say) => {
    const join = await startChat();
    const [slow, ann] = [await join('slow'), await join('Ann')];
    await eventually(() => expect(names(ann)).toContain('slow'));
    slow.socket.pause();
    // As much as the system keeps for a connection is some megabytes.
    const more = async (): Promise<void> => {
      for (const _ of times(20_000, () => 0)) say(slow);
      await sleep(1);
    };
    for (let round = 0; round < 60 && names(ann).includes('slow'); round += 1) await more();
    await eventually(() => expect(names(ann)).toEqual(['Ann']));
  });

  test('four hundred people join at once: each is told of the others together, not one by one', async () => {
    const join = await startChat({ tellEvery: 3_600_000 });
    const people = await Promise.all(times(400, (at) => join(`p${at}`)));
    await eventually(() => expect(people.every((peer) => of(peer, 'welcome').length === 1)).toBe(true));
    expect(Math.max(...people.map((peer) => of(peer, 'people').length))).toBeLessThanOrEqual(1);
  });

  test('passes on only so much of who talks without end, tells them so, and lets the others talk', async () => {
    const join = await startChat();
    const [eve, ann] = [await join('Eve'), await join('Ann')];
    for (const _ of times(500, () => 0)) eve.socket.send(JSON.stringify({ type: 'chat', text: 'spam' }));
    ann.socket.send(JSON.stringify({ type: 'chat', text: 'hello' }));
    await eventually(() => expect(of(eve, 'error').length + of(eve, 'chat').length).toBeGreaterThanOrEqual(500));
    expect(of(eve, 'error')[0].message).toContain('too much at once');
    expect(of(eve, 'error').length).toBeGreaterThan(100);
    await eventually(() => expect(of(ann, 'chat').some(({ text }) => text === 'hello')).toBe(true));
  });

  test('has the rooms that there are, and opens no other', async () => {
    const join = await startChat();
    const eve = await join(`Eve&room=${'x'.repeat(5_000)}`);
    await eventually(() => expect(of(eve, 'people').at(-1)?.rooms).toEqual({ Lobby: 1 }));
  });
});

describe('a link', () => {
  const MEGABYTE = 1_024 * 1_024;
  const sent = Buffer.alloc(64 * MEGABYTE, 'x');

  /** A client and a server with links between them. */
  async function startLinks() {
    let atServer: Socket | undefined;
    const target = await listen(
      createServer((socket) => {
        socket.on('error', () => {});
        atServer = socket;
      }),
    );
    let emptied = 0;
    const links: FaultLinks = new FaultLinks(
      () => target,
      () => {
        emptied += 1;
      },
    );
    const port = await listen(createServer((socket) => links.take(socket)));
    const client = createConnection(port, '127.0.0.1').on('error', () => {});
    ends.push(() => {
      client.destroy();
      links.destroy();
    });
    await eventually(() => expect(atServer).toBeDefined());
    return { links, client, server: atServer as Socket, emptied: () => emptied };
  }

  /** Waits until the sender gets rid of nothing more, and answers with the bytes that are still with it. */
  async function restOf(sender: Socket): Promise<number> {
    let [before, now] = [Number.NaN, sender.writableLength];
    while (before !== now) {
      await sleep(300);
      [before, now] = [now, sender.writableLength];
    }
    return now;
  }

  function count(reader: Socket): () => number {
    let bytes = 0;
    reader.on('data', ({ length }: Buffer) => {
      bytes += length;
    });
    return () => bytes;
  }

  test.each(['client', 'server'] as const)(
    'whose %s does not read: the rest waits at the sender, and arrives when it reads',
    async (slow) => {
      const ends = await startLinks();
      const [reader, sender] = slow === 'client' ? [ends.client, ends.server] : [ends.server, ends.client];
      sender.write(sent);
      expect(await restOf(sender)).toBeGreaterThan(sent.length / 2);
      const arrived = count(reader);
      await eventually(() => expect(arrived()).toBe(sent.length));
    },
  );

  test('that is delayed: no more is under way than fits, and all of it arrives', async () => {
    const { links, client, server } = await startLinks();
    const arrived = count(server);
    links.delay(() => 3_600_000);
    client.write(sent);
    expect(await restOf(client)).toBeGreaterThan(sent.length / 2);
    expect(arrived()).toBe(0);
    links.delay();
    await eventually(() => expect(arrived()).toBe(sent.length));
  });

  test('that is delayed and cut: what is still sent is not kept for later', async () => {
    const { links, client, server } = await startLinks();
    const arrived = count(server);
    links.delay(() => 3_600_000);
    links.cut();
    client.write(sent);
    await eventually(() => expect(client.writableLength).toBe(0));
    links.delay();
    expect(arrived()).toBe(0);
  });

  test('that is cut while its client reads nothing ends with the two, and nothing of it is held', async () => {
    const { links, client, server, emptied } = await startLinks();
    server.write(sent);
    await restOf(server);
    links.cut();
    await eventually(() => expect(server.writableLength).toBe(0));
    expect(links.size).toBe(1);
    client.destroy();
    server.destroy();
    await eventually(() => expect([links.isIdle, emptied()]).toEqual([true, 1]));
  });
});

test.each([
  ['long', 64 * 1_024, 1_024 * 1_024 + 128 * 1_024],
  // What a message takes up beside its bytes is more than they are.
  ['short', 9, 1_000 * 16],
])('who reads nothing is cut, and no more of its %s messages are kept than fit', async (_, length, fits) => {
  const accepting = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  ends.push(() => accepting.close());
  await once(accepting, 'listening');
  const { port } = accepting.address() as AddressInfo;
  const slow = knock(`ws://127.0.0.1:${port}`);
  const [socket] = (await once(accepting, 'connection')) as [WebSocket];
  await outcome(slow);
  slow.socket.pause();
  const text = Buffer.alloc(length, 'x');
  let most = 0;
  for (let sent = 0; sent < 5_000_000 && socket.readyState === socket.OPEN; sent += 1) {
    send(socket, text);
    most = Math.max(most, socket.bufferedAmount);
    if (sent % 500 === 0) await setImmediate();
  }
  expect(socket.readyState).not.toBe(socket.OPEN);
  expect(most).toBeLessThan(fits);
  slow.socket.resume();
  await eventually(() => expect(slow.ended).toBe(1006));
});

test('who pings, and reads no answer, is cut though nobody says anything to them', async () => {
  const accepting = createSocketServer(1_024);
  let atServer: WebSocket | undefined;
  const http = createHttpServer().on('upgrade', (...upgrade) =>
    accept(accepting, upgrade, (socket) => {
      atServer = socket;
    }),
  );
  const slow = knock(`ws://127.0.0.1:${await listen(http)}`, { autoPong: false });
  await outcome(slow);
  slow.socket.pause();
  for (let round = 0; round < 60 && atServer?.readyState === slow.socket.OPEN; round += 1) {
    for (const _ of times(20_000, () => 0)) slow.socket.ping('x'.repeat(125));
    await sleep(1);
  }
  await eventually(() => expect(atServer?.readyState).toBe(slow.socket.CLOSED));
  slow.socket.terminate();
});

describe('a visitor', () => {
  test('is forgotten with the last of its connections, also one that had no control connection', async () => {
    const target = await listen(createServer((socket) => socket.on('error', () => {})));
    const visitors = createVisitors(() => target);
    const port = await listen(createServer((socket) => visitors.get('a').links.take(socket)));
    const clients = times(3, () => createConnection(port, '127.0.0.1').on('error', () => {}));
    await eventually(() => expect([...visitors.all()].map(({ links }) => links.size)).toEqual([3]));
    for (const client of clients) client.destroy();
    await eventually(() => expect([...visitors.all()]).toEqual([]));
  });

  test('whose machine has gone without a goodbye is forgotten, and its faults with it; one that is only quiet is not', async () => {
    const visitors = createVisitors(() => 0);
    const figures = { live: 0, silent: 0 };
    const control = createControlServer(
      { figures: () => ({ naive: figures, ours: figures }), closeClient() {}, restart() {} },
      visitors,
      300,
    );
    let joined = 0;
    const http = createHttpServer().on('upgrade', (...upgrade) => {
      joined += 1;
      control.handleUpgrade({ id: String(joined), token: '' }, ...upgrade);
    });
    const port = await listen(http);
    ends.push(control.close);
    const [quiet, gone] = times(2, (at) => knock(`ws://127.0.0.1:${port}/control`, { autoPong: at === 0 })) as [
      Peer,
      Peer,
    ];
    await Promise.all([outcome(quiet), outcome(gone)]);
    gone.socket.send(JSON.stringify({ type: 'set', fault: 'refuse', on: true }));
    await eventually(() => expect([...visitors.all()].some(({ lasting }) => lasting.has('refuse'))).toBe(true));
    await eventually(() => expect(gone.ended).toBe(1006));
    await eventually(() => expect([...visitors.all()].map(({ lasting }) => lasting.size)).toEqual([0]));
    expect(quiet.ended).toBeUndefined();
    quiet.socket.close();
    await eventually(() => expect([...visitors.all()]).toEqual([]));
  });
});
