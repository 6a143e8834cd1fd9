/** Messages that are not proven when the user leaves the page: what the next page of the tab gets, and what comes back with this one. */
import { describe, expect, test } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import type { MadeConnection } from '../../src/core/connection';
import { send } from '../../src/core/outbound';
import type { DeliveryStorage, StoredMessage } from '../../src/core/stored-messages';
import { createMemoryPorts } from '../../src/testing/memory-ports';
import { createEngine, type Engine, type EngineOptions } from '../support/engine';

interface MemoryStorage extends DeliveryStorage {
  messages: StoredMessage[];
}

/** A storage as `sessionStorage` is one: each page of the tab sees what the page before has put in. */
const createStorage = (): MemoryStorage => ({
  messages: [],
  put(messages) {
    this.messages.push(...messages);
  },
  take(url) {
    const taken = this.messages.filter((message) => message.url === url);
    this.messages = this.messages.filter((message) => message.url !== url);
    return taken;
  },
});

const create = (storage: DeliveryStorage, options: EngineOptions = {}): Engine =>
  createEngine({
    delivery: createAtLeastOnce({ ackWithin: 1_000, ack: undefined, id: undefined, storage }),
    autoReconnect: { delay: 0 },
    ...options,
  });

/** A connection of a page: it connects, and its socket opens. */
function openPage(storage: DeliveryStorage, options?: EngineOptions): Engine {
  const engine = create(storage, options);
  engine.connection.open();
  engine.socket.accept();
  return engine;
}

const leavePage = (...engines: Engine[]): void => {
  for (const { ports } of engines) ports.signal('pagehide');
};

function comeBack(engine: Engine): void {
  engine.ports.signal('pageshow');
  engine.socket.accept();
}

const told = ({ log }: Engine): string[] => log.filter((line) => /^(delivered|dropped)/.test(line));

const messagesOf = ({ socket }: Engine): unknown[] => socket.sent.filter((data) => data !== 'HeartBeat');

function prove(engine: Engine): void {
  engine.ports.clock.advance(1_000);
  engine.socket.say('HeartBeat');
}

/** Sends a message about which more is known, as `deliver` and `useRequests` do. */
const sendAbout = ({ connection }: Engine, value: unknown, about: Parameters<typeof send>[3]): unknown =>
  send((connection as MadeConnection).engine, value, true, about);

describe('after a reload', () => {
  test('what was not proven goes out before anything newer, in order', () => {
    const storage = createStorage();
    const before = openPage(storage);
    for (const message of ['a', 'b']) before.connection.send(message);
    prove(before);
    for (const message of ['c', 'd']) before.connection.send(message);
    leavePage(before);
    const after = create(storage);
    after.connection.send('e');
    const changes = after.viewChanges;
    after.connection.open();
    expect(after.view.pending).toBe(3);
    expect(after.viewChanges).toBeGreaterThan(changes);
    after.socket.accept();
    expect(messagesOf(after)).toEqual(['c', 'd', 'e']);
    prove(after);
    expect(told(after)).toEqual(['delivered:c', 'delivered:d', 'delivered:e']);
    expect(storage.messages).toEqual([]);
  });

  test('the app is told of the value, as the serializer reads it', () => {
    const storage = createStorage();
    const delivered: unknown[] = [];
    const listener = { onDelivered: (value: unknown) => delivered.push(value) };
    const before = openPage(storage, { serializer: 'json' });
    before.connection.send({ id: 1 });
    leavePage(before);
    const after = openPage(storage, { serializer: 'json', listener });
    prove(after);
    expect(delivered).toEqual([{ id: 1 }]);
  });

  test('a serializer that reads only what the server sends gives the text that went over the wire', () => {
    const storage = createStorage();
    const serializer = {
      write: (value: unknown) => JSON.stringify(value),
      read(): unknown {
        throw new Error('not of the server');
      },
    };
    const before = openPage(storage, { serializer });
    before.connection.send({ id: 1 });
    leavePage(before);
    const after = openPage(storage, { serializer });
    prove(after);
    expect(told(after)).toEqual(['delivered:{"id":1}']);
  });

  test('bytes go out as bytes', () => {
    const storage = createStorage();
    const before = openPage(storage);
    before.connection.send(Uint8Array.of(1, 2).buffer);
    leavePage(before);
    expect(openPage(storage).socket.sent).toEqual([Uint8Array.of(1, 2)]);
  });

  test('a message that a socket of the page before has taken may have arrived: without proof it is unproven', () => {
    const storage = createStorage();
    const before = openPage(storage, { buffer: { highWaterMark: 3 } });
    before.connection.send('taken');
    before.connection.send('waits');
    leavePage(before);
    const after = create(storage);
    after.connection.open();
    after.connection.close(1000);
    expect(told(after)).toEqual(['dropped:taken:unproven', 'dropped:waits:closed']);
  });

  test('a message is as old as it was', () => {
    const storage = createStorage();
    const before = openPage(storage);
    before.ports.clock.advance(500);
    before.connection.send('a');
    leavePage(before);
    const after = create(storage, { buffer: { maxAge: 5_000 } });
    after.ports.clock.advance(5_500);
    after.connection.open();
    expect(told(after)).toEqual(['dropped:a:unproven']);
  });

  test('a connection to another url leaves the message where it is, also when its own url changes', () => {
    const storage = createStorage();
    const before = openPage(storage);
    before.connection.send('a');
    leavePage(before);
    const other = openPage(storage, { url: 'ws://other/' });
    expect(messagesOf(other)).toEqual([]);
    other.url = 'ws://server/';
    other.connection.changeUrl();
    other.socket.accept();
    expect(messagesOf(other)).toEqual(['a']);
  });

  test('a question is not asked again: no page waits for its answer', () => {
    const storage = createStorage();
    const before = openPage(storage);
    sendAbout(before, 'question', { isRequest: true });
    before.connection.send('a');
    leavePage(before);
    expect(storage.messages.map(({ data }) => data)).toEqual(['a']);
    expect(messagesOf(openPage(storage))).toEqual(['a']);
  });
});

test('a message that waits for a url stays in the page', () => {
  const storage = createStorage();
  const engine = openPage(storage);
  engine.socket.end(1006);
  engine.url = '';
  engine.connection.send('a');
  leavePage(engine);
  expect([storage.messages, engine.view.pending]).toEqual([[], 1]);
});

test('a connection that was never open leaves what it keeps to the next page', () => {
  const storage = createStorage();
  const before = create(storage);
  before.connection.open();
  before.connection.send('a');
  leavePage(before);
  expect(messagesOf(openPage(storage))).toEqual(['a']);
});

describe('a page that comes out of the back-forward cache', () => {
  test('goes on with its messages, each once, and tells who waits for one', () => {
    const storage = createStorage();
    const engine = openPage(storage);
    const settled: unknown[] = [];
    sendAbout(engine, 'a', { settled: (reason) => settled.push(reason) });
    leavePage(engine);
    expect([engine.view.pending, storage.messages.length]).toEqual([1, 1]);
    comeBack(engine);
    expect([engine.view.pending, storage.messages.length]).toEqual([1, 0]);
    expect(messagesOf(engine)).toEqual(['a']);
    prove(engine);
    expect([told(engine), settled]).toEqual([['delivered:a'], [undefined]]);
    engine.socket.end(1006);
    engine.ports.clock.advance(0);
    expect(told(engine)).toEqual(['delivered:a']);
  });

  test('is told that its messages may be lost, once, where another page has taken them', () => {
    const storage = createStorage();
    const engine = openPage(storage, { buffer: { highWaterMark: 1 } });
    const settled: unknown[] = [];
    sendAbout(engine, 'a1', { settled: (reason) => settled.push(reason) });
    engine.connection.send('b');
    leavePage(engine);
    expect(messagesOf(openPage(storage))).toEqual(['a1', 'b']);
    comeBack(engine);
    expect(told(engine)).toEqual(['dropped:a1:unproven', 'dropped:b:unproven']);
    expect([messagesOf(engine), settled]).toEqual([[], ['unproven']]);
    engine.socket.end(1006);
    engine.ports.clock.advance(0);
    expect(told(engine)).toHaveLength(2);
  });

  test('leaves to each of its connections with the same url its own messages', () => {
    const storage = createStorage();
    const ports = createMemoryPorts();
    const [first, second] = [openPage(storage, { ports }), openPage(storage, { ports })];
    first.connection.send('of the first');
    second.connection.send('of the second');
    first.connection.deactivate();
    leavePage(second);
    expect(storage.messages).toHaveLength(2);
    comeBack(second);
    expect(messagesOf(second)).toEqual(['of the second']);
    second.socket.end(1006);
    ports.clock.advance(0);
    second.socket.accept();
    expect(messagesOf(second)).toEqual(['of the second']);
    first.connection.activate();
    first.socket.accept();
    expect(messagesOf(first)).toEqual(['of the first']);
    expect([told(first), told(second), storage.messages]).toEqual([[], [], []]);
  });

  test('sends what another page of the tab has left for the same url', () => {
    const storage = createStorage();
    const engine = openPage(storage);
    engine.connection.send('a');
    leavePage(engine);
    const other = openPage(storage, { url: 'ws://other/' });
    other.url = 'ws://server/';
    storage.messages = [];
    other.connection.changeUrl();
    other.socket.accept();
    other.connection.send('b');
    leavePage(other);
    comeBack(engine);
    expect([messagesOf(engine), told(engine)]).toEqual([['b'], ['dropped:a:unproven']]);
  });

  test('reports what was for a url that is not the current one any more, and leaves it to nobody', () => {
    const storage = createStorage();
    const engine = openPage(storage);
    engine.connection.send('a');
    leavePage(engine);
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    comeBack(engine);
    expect(engine.socket.url).toBe('ws://other/');
    expect([messagesOf(engine), told(engine), storage.messages]).toEqual([[], ['dropped:a:unproven'], []]);
  });

  test('keeps the message of an earlier leave as well', () => {
    const storage = createStorage();
    const engine = openPage(storage);
    engine.connection.send('a');
    leavePage(engine);
    engine.connection.send('b');
    leavePage(engine);
    comeBack(engine);
    expect(messagesOf(engine)).toEqual(['a', 'b']);
    expect(told(engine)).toEqual([]);
  });
});

describe('a storage that throws', () => {
  const refusal = new Error('QuotaExceededError');
  const refuse = (): never => {
    throw refusal;
  };

  test('at put: the messages stay in the page, and onError is told', () => {
    const engine = openPage({ ...createStorage(), put: refuse });
    engine.connection.send('a');
    leavePage(engine);
    expect([engine.view.pending, engine.log.filter((line) => line === 'error')]).toEqual([1, ['error']]);
    comeBack(engine);
    expect([messagesOf(engine), told(engine)]).toEqual([['a'], []]);
  });

  test('at take: what this page has put in goes out all the same', () => {
    const storage = createStorage();
    const engine = openPage(storage);
    engine.connection.send('a');
    leavePage(engine);
    storage.take = refuse;
    comeBack(engine);
    expect([messagesOf(engine), told(engine)]).toEqual([['a'], []]);
  });

  test('at take: the connection opens all the same, and onError is told', () => {
    const unhandled: unknown[] = [];
    const engine = create({ ...createStorage(), take: refuse }, { unhandled: (error) => unhandled.push(error) });
    engine.connection.send('new');
    engine.connection.open();
    expect(new Set(unhandled)).toEqual(new Set([refusal]));
    engine.socket.accept();
    expect(messagesOf(engine)).toEqual(['new']);
  });
});

test.each([
  ['a Blob', () => new Blob(['x'])],
  ['a File', () => new File(['x'], 'x.txt')],
])('%s cannot be stored, so it is refused', (_, make) => {
  const engine = openPage(createStorage());
  expect(engine.connection.send(make())).toBe(false);
  expect([engine.view.pending, messagesOf(engine), engine.view.error?.code]).toEqual([0, [], 'send']);
  expect(engine.log).toEqual(['connected', 'error']);
});

test('close() before the page is left leaves nothing to the next page', () => {
  const storage = createStorage();
  const engine = openPage(storage);
  engine.connection.send('a');
  engine.connection.close(1000);
  leavePage(engine);
  expect(messagesOf(openPage(storage))).toEqual([]);
});

test('a page that is left twice leaves each message once', () => {
  const storage = createStorage();
  const engine = openPage(storage);
  engine.connection.send('a');
  leavePage(engine, engine);
  expect(storage.messages).toHaveLength(1);
  expect(messagesOf(openPage(storage))).toEqual(['a']);
});

describe('a page that was left and lives on', () => {
  test.each<[string, (engine: Engine) => void, string]>([
    ['close()', ({ connection }) => connection.close(1000), 'closed'],
    ['the end of the scope', ({ connection }) => connection.leave(), 'left'],
    [
      'the end of the url',
      (engine) => {
        engine.url = '';
        engine.connection.changeUrl();
      },
      'url',
    ],
  ])('tells what it keeps, and takes it out of the storage, at %s', (_, end, reason) => {
    const storage = createStorage();
    const engine = openPage(storage);
    const settled: unknown[] = [];
    sendAbout(engine, 'a', { settled: (why) => settled.push(why) });
    leavePage(engine);
    end(engine);
    expect([told(engine), settled, storage.messages]).toEqual([['dropped:a:unproven'], [reason], []]);
  });

  test('stores nothing of a connection that close({ drain }) is about to close: the next user may be another one', () => {
    const storage = createStorage();
    const engine = openPage(storage);
    engine.connection.send('a');
    engine.connection.drain(3_000);
    leavePage(engine);
    expect(storage.messages).toEqual([]);
    engine.ports.clock.advance(10_000);
    expect([told(engine), engine.view.phase]).toEqual([['dropped:a:unproven'], 'closed']);
  });
});

test.each<[string, (engine: Engine) => void]>([
  ['has given up', ({ socket }) => socket.end(1008)],
  ['was never asked to connect', () => {}],
])('a connection that %s leaves what it keeps to the next page', (_, meet) => {
  const storage = createStorage();
  const before = create(storage);
  if (meet.length) {
    before.connection.open();
    before.socket.accept();
  }
  before.connection.send('a');
  meet(before);
  leavePage(before);
  expect(messagesOf(openPage(storage))).toEqual(['a']);
});

test('nonsense in the storage keeps no connection from opening', () => {
  const nonsense = [
    null,
    'a',
    {},
    { id: 'x', url: 'ws://server/', data: 5, at: 0 },
    { id: 'x', url: 'ws://server/', data: 'no time' },
  ] as never[];
  const engine = openPage({ put() {}, take: () => nonsense });
  expect([engine.view.phase, engine.view.pending]).toEqual(['open', 0]);
});
