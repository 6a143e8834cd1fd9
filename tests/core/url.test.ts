/** The url is part of the state: what the machine was told last is what counts. */
import { describe, expect, test } from 'vitest';
import { type Engine, openEngine, startEngine } from '../support/engine';

/** An engine whose `beforeConnect` ends when the test says so. */
const holding = (): { engine: Engine; asked: unknown[]; settle: (target?: object) => Promise<void> } => {
  const held: ((target?: object) => void)[] = [];
  const asked: unknown[] = [];
  const engine = startEngine({
    url: 'ws://a/',
    autoReconnect: { delay: 500 },
    beforeConnect: ({ url }) => {
      asked.push(url);
      return new Promise<undefined>((resolve) => held.push(resolve as never));
    },
  });
  const settle = async (target?: object): Promise<void> => {
    held.shift()?.(target);
    await Promise.resolve();
  };
  return { engine, asked, settle };
};

const turnTo = (engine: Engine, ...urls: (string | undefined)[]): void => {
  for (const url of urls) {
    engine.url = url;
    engine.connection.changeUrl();
  }
};

describe('a url that changes while beforeConnect runs', () => {
  test('when the url changes and changes back while beforeConnect runs, what was fetched is used, and is not fetched again', async () => {
    const { engine, asked, settle } = holding();
    turnTo(engine, 'ws://b/', 'ws://a/');
    await settle({ url: 'ws://a/?t=1' });
    expect(asked).toEqual(['ws://a/']);
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://a/?t=1']);
  });

  test('when the url changes while beforeConnect runs, and beforeConnect gives nothing, the socket goes to the new url', async () => {
    const { engine, asked, settle } = holding();
    turnTo(engine, 'ws://b/');
    await settle();
    expect(asked).toEqual(['ws://a/']);
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://b/']);
    // The app hears of the same url once more.
    turnTo(engine, 'ws://b/');
    expect(engine.ports.sockets).toHaveLength(1);
  });

  test('when the url changes to the very url that beforeConnect gives, the socket goes there without a second run', async () => {
    const { engine, asked, settle } = holding();
    turnTo(engine, 'ws://a/?t=1');
    await settle({ url: 'ws://a/?t=1' });
    expect(asked).toEqual(['ws://a/']);
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://a/?t=1']);
  });

  test('a url that changes twice in a row while beforeConnect runs is a failed attempt, whose error says what happened', async () => {
    const { engine, asked, settle } = holding();
    turnTo(engine, 'ws://b/');
    await settle({ url: 'ws://a/?t=1' });
    turnTo(engine, 'ws://c/');
    await settle({ url: 'ws://b/?t=1' });
    expect(asked).toEqual(['ws://a/', 'ws://b/']);
    expect(engine.view).toMatchObject({ phase: 'waiting', failures: 1, error: { code: 'before-connect' } });
    expect(engine.view.error?.message).toBe('before-connect: the url has changed');
  });

  test('a promise of beforeConnect that settles twice, as a faulty library makes it, opens one socket', async () => {
    // biome-ignore lint/suspicious/noThenProperty: it is the fault
    const twice = { then: (done: (target: object) => void) => [{ url: 'ws://x/' }, { url: 'ws://y/' }].forEach(done) };
    const engine = startEngine({ beforeConnect: () => twice as never });
    for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
    expect(engine.ports.sockets.map(({ url }) => url)).toEqual(['ws://x/']);
  });
});

describe('messages that wait while the url changes during beforeConnect', () => {
  test('do not go to the new url, which beforeConnect gives as well', async () => {
    const { engine, settle } = holding();
    engine.connection.send('secret');
    turnTo(engine, 'ws://b/');
    await settle({ url: 'ws://b/' });
    engine.socket.accept();
    expect([engine.socket.url, engine.socket.sent]).toEqual(['ws://b/', []]);
    expect(engine.log).toEqual(['dropped:secret:url', 'connected']);
  });

  test('do not go to the old url, to which the app has changed back', async () => {
    const { engine, settle } = holding();
    turnTo(engine, 'ws://b/');
    engine.connection.send('for b');
    turnTo(engine, 'ws://a/');
    await settle({ url: 'ws://a/?t=1' });
    engine.socket.accept();
    expect([engine.socket.url, engine.socket.sent]).toEqual(['ws://a/?t=1', []]);
    expect(engine.log).toEqual(['dropped:for b:url', 'connected']);
  });

  test('and whose onDropped takes the url away: beforeConnect does not run', () => {
    let runs = 0;
    const engine: Engine = startEngine({
      autoReconnect: { delay: 500 },
      beforeConnect: () => {
        runs += 1;
        return undefined;
      },
      listener: { onDropped: () => turnTo(engine, undefined) },
    });
    engine.connection.send('for the first');
    engine.socket.end();
    expect(runs).toBe(1);
    turnTo(engine, 'ws://b/');
    expect([runs, engine.view.phase]).toEqual([1, 'idle']);
  });
});

describe('a url that the machine was told', () => {
  test('and that has not changed holds up nothing that a callback sends after it', () => {
    const sent: boolean[] = [];
    const engine: Engine = startEngine({
      listener: {
        onMessage() {
          engine.connection.changeUrl();
          sent.push(engine.connection.send('now', false));
        },
      },
    });
    engine.socket.accept();
    engine.socket.say('hello');
    expect([sent, engine.socket.sent]).toEqual([[true], ['now']]);
  });

  test('a url that has changed by the time of close() is not taken for a new one afterwards', () => {
    const { engine } = holding();
    engine.url = 'ws://b/';
    engine.connection.close(1000);
    turnTo(engine, 'ws://b/');
    expect(engine.view.phase).toBe('closed');
    turnTo(engine, 'ws://c/');
    expect(engine.view.phase).toBe('connecting');
  });

  test('the last url that is set while the component is deactivated is the one that it connects to', async () => {
    const { engine, asked, settle } = holding();
    await settle();
    engine.connection.deactivate();
    turnTo(engine, 'ws://b/', 'ws://c/');
    expect(engine.ports.live()).toEqual([]);
    engine.connection.activate();
    expect(asked).toEqual(['ws://a/', 'ws://c/']);
  });

  test('a URL object that the app changes in place is noticed as a new url', () => {
    const url = new URL('ws://a/');
    const engine = openEngine({ url });
    url.searchParams.set('room', '2');
    engine.connection.changeUrl();
    expect(engine.ports.sockets).toHaveLength(2);
    expect(engine.ports.live()).toHaveLength(1);
  });
});

test('a url that onDropped changes before beforeConnect is asked is the one that beforeConnect works for', () => {
  const asked: unknown[] = [];
  const engine: Engine = startEngine({
    url: 'ws://a/',
    beforeConnect: ({ url }) => {
      asked.push(url);
      return { url: `${url}?token` };
    },
    listener: {
      onDropped() {
        engine.url = 'ws://c/';
      },
    },
  });
  engine.connection.send('for a');
  engine.url = 'ws://b/';
  engine.connection.changeUrl();
  expect(asked.at(-1)).toBe('ws://c/');
  expect(engine.socket.url).toBe('ws://c/?token');
});
