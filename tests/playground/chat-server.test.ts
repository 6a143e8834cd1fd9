import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MAX_TEXT, type Person } from '../../playground/protocol/chat.ts';
import { MAX_HISTORY, MAX_HISTORY_BYTES } from '../../playground/server/bounds.ts';
import type { PeopleByRoom } from '../../playground/server/bus/bus-words.ts';
import { NO_NEIGHBOURS } from '../../playground/server/bus/neighbours.ts';
import { type ChatServerOptions, createChatServer } from '../../playground/server/chat-server.ts';
import { createRoom, createRooms } from '../../playground/server/rooms.ts';
import type { ClientService } from '../../playground/server/service.ts';
import { eventually } from '../support/eventually.ts';
import { type ChatListener, listenTo } from './chat-listener.ts';

interface Peer extends ChatListener {
  /** The code that the connection ended with. */
  readonly ended: Promise<number>;
}

let chat: ClientService;
let http: Server;
let peers: Peer[];

beforeEach(() => start());

afterEach(async () => {
  for (const { socket } of peers) socket.terminate();
  await stop();
});

async function start(options?: ChatServerOptions): Promise<void> {
  peers = [];
  chat = createChatServer(options);
  http = createServer().on('upgrade', (...upgrade) => chat.handleUpgrade(...upgrade));
  await once(http.listen(0, '127.0.0.1'), 'listening');
}

async function stop(): Promise<void> {
  await chat.close();
  http.closeAllConnections();
  http.close();
}

async function restart(options: ChatServerOptions): Promise<void> {
  await stop();
  await start(options);
}

/** A connection that has been welcomed. */
async function connect(query = ''): Promise<Peer> {
  const { port } = http.address() as AddressInfo;
  const listener = listenTo(`ws://127.0.0.1:${port}/chat${query}`);
  const peer: Peer = { ...listener, ended: once(listener.socket, 'close').then(([code]) => code as number) };
  peers.push(peer);
  await eventually(() => expect(peer.of('welcome')).toHaveLength(1));
  return peer;
}

const say = ({ socket }: Peer, text: string, key?: string): void =>
  socket.send(JSON.stringify({ type: 'chat', text, key }));

/** Waits until all that was sent before has been answered: what comes twice has come twice by then. */
async function settle(...all: Peer[]): Promise<void> {
  for (const { socket, heard } of all) {
    const answers = (): number => heard.filter((message) => message === 'HeartBeat').length;
    const before = answers();
    socket.send('HeartBeat');
    await eventually(() => expect(answers()).toBe(before + 1));
  }
}

/** Connections by client, as this one was last told. */
const counted = (peer: Peer): Record<string, number> =>
  Object.fromEntries((peer.of('people').at(-1)?.people ?? []).map(({ id, connections }: Person) => [id, connections]));

describe('a client', () => {
  test('is welcomed with the id and name that it gave', async () => {
    const ada = await connect('?client=a&name=Ada');
    expect(ada.heard[0]).toEqual({
      type: 'welcome',
      room: 'Lobby',
      id: 'a',
      name: 'Ada',
      connections: 1,
      isSilent: false,
      epoch: expect.stringMatching(/./),
      number: 0,
    });
  });

  test('that gave none is given an id and a name of its own', async () => {
    const [first] = (await connect()).of('welcome');
    const [second] = (await connect()).of('welcome');
    expect(first).toMatchObject({ id: expect.stringMatching(/./), name: 'Guest 1', connections: 1 });
    expect(second).toMatchObject({ name: 'Guest 2', connections: 1 });
    expect(second?.id).not.toBe(first?.id);
  });

  test('has a name without control characters, and no longer than fits', async () => {
    const [welcome] = (await connect(`?name=${encodeURIComponent(` A\u0000d\u202Ea${'💓'.repeat(100)}`)}`)).of(
      'welcome',
    );
    expect(welcome?.name).toBe(`Ada${'💓'.repeat(37)}`);
  });

  test('is answered HeartBeat with HeartBeat, and nobody hears anything else of it', async () => {
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    for (const peer of [ada, bob]) await eventually(() => expect(counted(peer)).toEqual({ a: 1, b: 1 }));
    await settle(ada, bob);
    const before = [ada.heard.length, bob.heard.length];
    await settle(ada);
    expect([ada.heard.length, bob.heard.length]).toEqual([(before[0] as number) + 1, before[1]]);
    expect(ada.heard.at(-1)).toBe('HeartBeat');
  });
});

describe('live connections', () => {
  test('are counted for each client', async () => {
    const ada = await connect('?client=a');
    const again = await connect('?client=a');
    const bob = await connect('?client=b');
    expect(again.of('welcome')).toMatchObject([{ id: 'a', connections: 2 }]);
    await eventually(() => expect(counted(ada)).toEqual({ a: 2, b: 1 }));

    again.socket.close();
    await eventually(() => expect(counted(ada)).toEqual({ a: 1, b: 1 }));
    bob.socket.terminate();
    await eventually(() => expect(counted(ada)).toEqual({ a: 1 }));
  });

  test('count no more from the moment they say goodbye', async () => {
    const ada = await connect('?client=a');
    for (let time = 0; time < 20; time += 1) {
      const before = peers.at(-1) as Peer;
      before.socket.close();
      expect((await connect('?client=a')).of('welcome')).toMatchObject([{ connections: 1 }]);
    }
    expect(await ada.ended).toBe(1005);
  });
});

describe('a chat message', () => {
  test('reaches each connection once, in order, with its author, time and number', async () => {
    const [ada, again, bob] = [
      await connect('?client=a&name=Ada'),
      await connect('?client=a'),
      await connect('?client=b'),
    ];
    say(ada, 'one', 'k1');
    say(ada, 'two');
    await settle(ada, again, bob);
    const [{ epoch } = {}] = ada.of('welcome');
    const expected = [
      { type: 'chat', id: 'a', name: 'Ada', text: 'one', key: 'k1', at: expect.any(Number), epoch, number: 1 },
      { type: 'chat', id: 'a', name: 'Ada', text: 'two', at: expect.any(Number), epoch, number: 2 },
    ];
    for (const peer of [ada, again, bob]) expect(peer.of('chat')).toEqual(expected);
  });

  test('may contain the word HeartBeat', async () => {
    const ada = await connect();
    say(ada, 'HeartBeat');
    await settle(ada);
    expect(ada.of('chat')).toMatchObject([{ text: 'HeartBeat' }]);
  });

  test('may be as long as the limit, whatever its characters', async () => {
    const ada = await connect();
    for (const character of ['a', '\u0000', '心', '"']) say(ada, `x${character.repeat(MAX_TEXT - 1)}`);
    await settle(ada);
    expect(ada.of('chat').map(({ text }) => text.length)).toEqual([MAX_TEXT, MAX_TEXT, MAX_TEXT, MAX_TEXT]);
  });
});

describe('a message that comes twice', () => {
  test('with the same key is shown once; another client may use the key, too', async () => {
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    say(ada, 'once', 'k1');
    say(ada, 'once', 'k1');
    ada.socket.close();
    const again = await connect('?client=a');
    say(again, 'once', 'k1');
    say(bob, 'of Bob', 'k1');
    await settle(again, bob);
    expect(bob.of('chat').map(({ text }) => text)).toEqual(['once', 'of Bob']);
  });

  test('is shown once also by the server that goes on after a restart', async () => {
    const rooms = createRooms();
    await restart({ rooms });
    const ada = await connect('?client=a');
    say(ada, 'once', 'k1');
    await settle(ada);
    await restart({ rooms });
    const again = await connect('?client=a');
    say(again, 'once', 'k1');
    say(again, 'next', 'k2');
    await settle(again);
    expect(again.of('chat').map(({ text, number }) => [text, number])).toEqual([['next', 2]]);
  });

  test('and was not passed on the first time, since that was too much at once, is told so by its key', async () => {
    const ada = await connect('?client=a');
    for (let number = 1; number <= 100; number += 1) say(ada, 'spam', `k${number}`);
    await settle(ada);
    const refused = ada.of('error').map(({ key }) => key);
    expect(refused.length).toBeGreaterThan(0);
    expect([...ada.of('chat').map(({ key }) => key), ...refused].sort()).toEqual(
      Array.from({ length: 100 }, (_, at) => `k${at + 1}`).sort(),
    );
  });
});

describe('who comes back', () => {
  const placeOf = (peer: Peer): string => {
    const [{ epoch, number } = { epoch: '', number: 0 }] = peer.of('welcome');
    return `epoch=${epoch}&since=${number}`;
  };
  /** All that was said, whether it came by itself or with others. */
  const textsOf = ({ heard }: Peer): string[] =>
    heard.flatMap((message) => {
      if (typeof message === 'string') return [];
      const messages = message.type === 'past' ? message.messages : message.type === 'chat' ? [message] : [];
      return messages.map(({ text }) => text);
    });
  const typesOf = ({ heard }: Peer): string[] =>
    heard.flatMap((message) => (typeof message === 'string' || message.type === 'people' ? [] : [message.type]));

  test('is sent what was said in the room since, in order, and nothing twice; a newcomer is not', async () => {
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    const garden = await connect('?client=c&room=Garden');
    ada.socket.terminate();
    for (const text of ['one', 'two', 'three']) say(bob, text);
    say(garden, 'elsewhere');
    await settle(bob, garden);
    const [again, newcomer] = [await connect(`?client=a&${placeOf(ada)}`), await connect('?client=d')];
    say(bob, 'four');
    await settle(bob, again, newcomer);
    expect(textsOf(again)).toEqual(['one', 'two', 'three', 'four']);
    expect(typesOf(again)).toEqual(['welcome', 'past', 'chat']);
    expect(again.of('welcome')).toMatchObject([{ number: 0 }]);
    expect(textsOf(newcomer)).toEqual(['four']);
    expect(newcomer.of('welcome')).toMatchObject([{ number: 3 }]);
  });

  test('after more was said than is kept is told that something is missing, and sent the rest', async () => {
    const rooms = createRooms();
    await restart({ rooms });
    const ada = await connect('?client=a');
    const said = { type: 'chat', id: 'b', name: 'Bob', at: 0 } as const;
    for (let number = 1; number <= MAX_HISTORY; number += 1) rooms.get('Lobby').add({ ...said, text: `${number}` });
    const inTime = await connect(`?client=a&${placeOf(ada)}`);
    await settle(inTime);
    expect(typesOf(inTime)).toEqual(['welcome', 'past']);
    expect(textsOf(inTime)).toHaveLength(MAX_HISTORY);

    rooms.get('Lobby').add({ ...said, text: 'one more' });
    const late = await connect(`?client=a&${placeOf(ada)}`);
    await settle(late);
    expect(typesOf(late)).toEqual(['welcome', 'missed', 'past']);
    expect(late.of('missed')).toEqual([{ type: 'missed', reason: 'old' }]);
    expect([textsOf(late)[0], textsOf(late).length]).toEqual(['2', MAX_HISTORY]);
  });

  test('to a server that has lost all is told so, and sent what was said since that began', async () => {
    const ada = await connect('?client=a');
    const place = placeOf(ada);
    await restart({});
    const bob = await connect('?client=b');
    say(bob, 'new');
    await settle(bob);
    const again = await connect(`?client=a&${place}`);
    await settle(again);
    expect(typesOf(again)).toEqual(['welcome', 'missed', 'chat']);
    expect(again.of('missed')).toEqual([{ type: 'missed', reason: 'restarted' }]);
    expect(textsOf(again)).toEqual(['new']);
  });

  test.each(['-1', '1e3', 'x', '', '9'.repeat(400), '1'])(
    'with a number that nobody was given (%s) is told that something may be missing',
    async (number) => {
      const [{ epoch } = { epoch: '' }] = (await connect('?client=a')).of('welcome');
      const odd = await connect(`?client=a&epoch=${epoch}&since=${number}`);
      await settle(odd);
      expect(typesOf(odd)).toEqual(['welcome', 'missed']);
    },
  );

  test('to a server that was mute to it is sent what was said meanwhile, though the connection has stood', async () => {
    let muted = 'a';
    await restart({ isMuted: (client) => client === muted });
    muted = '';
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    muted = 'a';
    for (const text of ['one', 'two']) say(bob, text);
    await settle(bob);
    expect(textsOf(ada)).toEqual([]);
    muted = '';
    await settle(ada);
    await eventually(() => expect(textsOf(ada)).toEqual(['one', 'two']));
  });

  test('to a server that is mute to it is welcomed later, and misses nothing that was said since it came', async () => {
    await restart({ isMuted: (client) => client === muted });
    let muted = '';
    const bob = await connect('?client=b');
    muted = 'a';
    const joining = connect('?client=a');
    const [, { socket }] = peers as [Peer, Peer];
    await once(socket, 'open');
    say(bob, 'one');
    await settle(bob);
    muted = '';
    socket.send('HeartBeat');
    const ada = await joining;
    expect(ada.of('welcome')).toMatchObject([{ number: 0 }]);
    await eventually(() => expect(textsOf(ada)).toEqual(['one']));
  });
});

describe('rooms', () => {
  test('keep only so many bytes: long messages go sooner, and the newest stays', () => {
    const room = createRoom('Lobby', 'epoch');
    const message = { type: 'chat', id: 'a', name: 'Ada', at: 0 } as const;
    for (let number = 1; number <= MAX_HISTORY; number += 1) {
      room.add({ ...message, text: '\u0000'.repeat(MAX_TEXT) }, `a ${number}`);
    }
    const kept = room.after(0);
    expect(kept.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(MAX_HISTORY_BYTES);
    expect(kept.length).toBeGreaterThan(10);
    expect([room.last, room.forgotten]).toEqual([MAX_HISTORY, MAX_HISTORY - kept.length]);
    // What is not kept is not known by its key either.
    expect([room.has('a 1'), room.has(`a ${MAX_HISTORY}`)]).toEqual([false, true]);
  });

  test('keep what is said in them, and everybody is told how many are in each', async () => {
    const [ada, bob] = [await connect('?client=a&room=Garden'), await connect('?client=b')];
    say(ada, 'in the garden');
    say(bob, 'in the lobby');
    await settle(ada, bob);
    expect(ada.of('chat').map(({ text }) => text)).toEqual(['in the garden']);
    expect(bob.of('chat').map(({ text }) => text)).toEqual(['in the lobby']);
    for (const peer of [ada, bob]) {
      await eventually(() => expect(peer.of('people').at(-1)?.rooms).toEqual({ Garden: 1, Lobby: 1 }));
    }
    expect([counted(ada), counted(bob)]).toEqual([{ a: 1 }, { b: 1 }]);
  });

  test('one that everybody has left is gone', async () => {
    const [ada, bob] = [await connect('?client=a&room=Garden'), await connect('?client=b')];
    ada.socket.close();
    await eventually(() => expect(bob.of('people').at(-1)?.rooms).toEqual({ Lobby: 1 }));
  });
});

describe('presence', () => {
  test('tells who has gone silent, and who is heard again', async () => {
    await restart({ silentAfter: 100 });
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    const beat = setInterval(() => bob.socket.send('HeartBeat'), 10);
    const silent = (): string[] | undefined =>
      bob
        .of('people')
        .at(-1)
        ?.people.filter(({ isSilent }) => isSilent)
        .map(({ id }) => id);
    await eventually(() => expect(silent()).toEqual(['a']));
    const again = setInterval(() => ada.socket.send('HeartBeat'), 10);
    await eventually(() => expect(silent()).toEqual([]));
    clearInterval(beat);
    clearInterval(again);
  });
});

describe('a client that the server is mute to', () => {
  test('is told nothing, not even that it lives, and others hear it still', async () => {
    let muted = '';
    await restart({ isMuted: (client) => client === muted });
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    await settle(ada, bob);
    muted = 'a';
    const before = ada.heard.length;
    ada.socket.send('HeartBeat');
    say(ada, 'hello');
    await eventually(() => expect(bob.of('chat')).toHaveLength(1));
    await settle(bob);
    expect(ada.heard).toHaveLength(before);
  });
});

describe('what makes no sense', () => {
  const text = 'x'.repeat(MAX_TEXT + 1);
  test.each([
    ['no JSON', '{"type":'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
    ['another type', '{"type":"shout","text":"hello"}'],
    ['no text', '{"type":"chat"}'],
    ['blank text', '{"type":"chat","text":" "}'],
    ['text that is none', '{"type":"chat","text":{"length":3}}'],
    ['text over the limit', JSON.stringify({ type: 'chat', text })],
    ['bytes', Buffer.from('HeartBeat')],
  ])('%s: its sender is told, and the connection lives on', async (_, message) => {
    const [ada, bob] = [await connect(), await connect()];
    ada.socket.send(message);
    say(ada, 'still here');
    await settle(ada, bob);
    expect(ada.of('error')).toEqual([{ type: 'error', message: expect.any(String) }]);
    expect(bob.of('error')).toEqual([]);
    expect(bob.of('chat')).toMatchObject([{ text: 'still here' }]);
  });

  test('a frame over the size limit ends that connection alone', async () => {
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    ada.socket.send('x'.repeat(100_000));
    expect(await ada.ended).toBe(1009);
    await eventually(() => expect(counted(bob)).toEqual({ b: 1 }));
  });

  test('a frame that breaks the protocol ends that connection alone', async () => {
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    (ada.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff]));
    expect(await ada.ended).toBe(1002);
    await eventually(() => expect(counted(bob)).toEqual({ b: 1 }));
  });
});

describe('the end', () => {
  test('comes for the idle, and not for those that send a heartbeat', async () => {
    await restart({ idleAfter: 1_000 });
    const [ada, bob] = [await connect('?client=a'), await connect('?client=b')];
    const beat = setInterval(() => bob.socket.send('HeartBeat'), 20);
    expect(await ada.ended).toBe(1006);
    await eventually(() => expect(counted(bob)).toEqual({ b: 1 }));
    expect(bob.socket.readyState).toBe(WebSocket.OPEN);
    clearInterval(beat);
  });

  test('is 1012 for each client when the server closes', async () => {
    const [ada, bob] = [await connect(), await connect()];
    await chat.close();
    expect(await Promise.all([ada.ended, bob.ended])).toEqual([1012, 1012]);
  });

  test('does not wait for a client that does not answer', async () => {
    const ada = await connect();
    ada.socket.pause();
    await chat.close();
    ada.socket.resume();
    expect(await ada.ended).toBe(1012);
  });

  test('that takes long hides nobody who has come back to the next one from the other processes', async () => {
    const told: PeopleByRoom[] = [];
    const neighbours = { ...NO_NEIGHBOURS, tell: (here: PeopleByRoom) => void told.push(here) };
    await restart({ neighbours });
    const ada = await connect('?client=a');
    ada.socket.pause();
    const [before, ended] = [http, chat.close()];
    await start({ neighbours });
    await connect('?client=a&room=Garden');
    await ended;
    await new Promise<void>((resolve) => {
      before.close(() => resolve());
    });
    ada.socket.terminate();
    expect([...(told.at(-1) ?? [])]).toMatchObject([['Garden', [{ id: 'a' }]]]);
  });

  test('is final: whoever comes later is refused', async () => {
    await chat.close();
    const { port } = http.address() as AddressInfo;
    const late = new WebSocket(`ws://127.0.0.1:${port}/chat`);
    const [error] = await once(late, 'error');
    expect(error.message).toContain('503');
  });
});
