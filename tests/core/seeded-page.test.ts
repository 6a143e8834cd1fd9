/** What the page tells, where it meets something else: each of these was once a seeded bug that no other test noticed. */
import { describe, expect, test } from 'vitest';
import { createEngine, type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

/** An engine that writes down for each loss whether it was local. */
function judged(options: EngineOptions = {}): { engine: Engine; losses: boolean[] } {
  const losses: boolean[] = [];
  const delay = (_: number, { isLocal }: { isLocal: boolean }): number => {
    losses.push(isLocal);
    return 1_000;
  };
  return { engine: startEngine({ autoReconnect: { delay }, ...options }), losses };
}

describe('a user who activates a kept-alive component', () => {
  test('that was closed before gets a connection with the next url', () => {
    const engine = openEngine();
    engine.connection.close(1000);
    engine.connection.deactivate();
    engine.connection.activate();
    engine.url = 'ws://other/';
    engine.connection.changeUrl();
    expect(engine.view.phase).toBe('connecting');
  });
});

describe('a loss', () => {
  test('right after the page is back is local, though there was one before', () => {
    const { engine, losses } = judged();
    engine.socket.accept();
    engine.ports.signal('online');
    engine.socket.end();
    engine.ports.signal('pagehide');
    engine.ports.signal('pageshow');
    engine.socket.accept();
    engine.socket.end();
    expect(losses).toEqual([true, true]);
  });

  test('that follows a change of the network is the server’s: its clients must not come back all at once', () => {
    const { engine, losses } = judged();
    engine.ports.clock.advance(5_001);
    engine.socket.end();
    engine.ports.signal('networkchange');
    engine.socket.end();
    expect(losses).toEqual([false, false]);
  });

  test('within 5 s after a wake is local, though the browser said offline in between', () => {
    const { engine, losses } = judged();
    engine.ports.clock.advance(10_000);
    engine.ports.signal('online');
    engine.socket.end();
    engine.ports.signal('offline');
    engine.ports.signal('networkchange');
    engine.socket.end();
    expect(losses).toEqual([false, true, true]);
  });
});

describe('a page that is hidden', () => {
  const whenHidden = { closeAfter: 60_000 };

  test('is closed for it in time, though the network was gone in between', () => {
    const engine = startEngine({ whenHidden, autoReconnect: { delay: 10_000 } });
    engine.socket.end();
    engine.ports.signal('hidden');
    engine.ports.signal('offline');
    engine.ports.clock.advance(60_000);
    expect(engine.view.phase).toBe('idle');
  });

  test('leaves a component alone that was deactivated before', () => {
    const engine = openEngine({ whenHidden });
    engine.connection.deactivate();
    engine.ports.signal('hidden');
    engine.ports.clock.advance(600_000);
    expect([engine.view.phase, engine.ports.sockets.length]).toEqual(['idle', 1]);
    expect(engine.ports.clock.pending()).toBe(0);
  });
});

describe('a page that is hidden while it uploads', () => {
  test('is closed when the upload is done, and not before', () => {
    const engine = openEngine({ heartbeat: false, whenHidden: { closeAfter: 60_000 } });
    engine.socket.bufferedAmount = 1;
    engine.ports.signal('hidden');
    engine.ports.clock.advance(120_000);
    expect(engine.view.phase).toBe('open');
    engine.socket.bufferedAmount = 0;
    engine.ports.clock.advance(1_000);
    expect(engine.view.phase).toBe('idle');
  });
});

describe('a prerendered page', () => {
  test('shows the url that it is given before anybody sees it', () => {
    const engine = createEngine({ url: '' });
    engine.ports.isPrerendering = true;
    engine.url = 'ws://server/';
    engine.connection.changeUrl();
    expect(engine.view).toMatchObject({ phase: 'idle', url: 'ws://server/' });
    engine.ports.signal('prerenderingchange');
    expect(engine.socket.url).toBe('ws://server/');
  });
});

describe('a url that changes while beforeConnect works', () => {
  test('is tried at once also after open(), though that has happened before', async () => {
    const answers: (() => void)[] = [];
    const engine = startEngine({
      url: 'ws://a/',
      beforeConnect: ({ url }) => new Promise((resolve) => answers.push(() => resolve({ url: `${url}?token` }))),
    });
    const change = async (url: string): Promise<void> => {
      engine.url = url;
      engine.connection.changeUrl();
      answers.at(-1)?.();
      await Promise.resolve();
      await Promise.resolve();
    };
    await change('ws://b/');
    expect([engine.view.phase, answers.length]).toEqual(['connecting', 2]);
    engine.connection.open();
    await change('ws://c/');
    expect([engine.view.phase, answers.length]).toEqual(['connecting', 4]);
  });
});
