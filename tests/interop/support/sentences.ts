/** What holds for each real server, and what was seen while it was tried. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Client, startClient } from './client';
import type { RealServer, Running } from './real-server';

/** Waits until the expectation holds, on a machine that may be slow. */
const until = <T>(expectation: () => T): Promise<T> => vi.waitFor(expectation, { interval: 20, timeout: 60_000 });

const unique = (): string => `text-${Math.random().toString(36).slice(2)}`;

/** Says a new text until the app hears it in one message: a server may still be at work on what the app has said before. */
async function exchange(client: Client, { says, reads = String }: RealServer, text = unique()): Promise<void> {
  const heard = client.messages.length;
  let saidAt = -Infinity;
  await until(() => {
    if (client.phase() === 'open' && performance.now() - saidAt > 1_000) {
      saidAt = performance.now();
      client.send(says(text) as never);
    }
    const isWhole = (data: unknown): boolean => reads(data).includes(text);
    expect(client.messages.slice(heard).some(isWhole), `${client.messages.length} messages came`).toBe(true);
  });
}

/** Says 200 texts at once, of which the app hears each. */
async function burst(client: Client, { says, reads = String }: RealServer): Promise<void> {
  const name = unique();
  const texts = Array.from({ length: 200 }, (_, index) => `${name}-${index}-`);
  const before = client.messages.length;
  for (const text of texts) client.send(says(text) as never);
  await until(() => {
    const heard = client.messages.slice(before).map(reads).join('\n');
    expect(texts.filter((text) => !heard.includes(text))).toEqual([]);
  });
}

const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

/** Not beside other tests of the same server. */
const ALONE = { concurrent: false };

/** Tries a server. `note` takes what was seen. */
function tryServer(server: RealServer, note: (what: string) => void): void {
  let running: Running;
  beforeAll(async () => {
    const since = performance.now();
    running = await server.start();
    note(`started in ${seconds(since)}`);
  });
  afterAll(() => running?.end());

  const { place = (url) => url } = server;
  const connect = async (options: ReturnType<RealServer['options']>, greets: RealServer['greets'] = []) => {
    const client = startClient(place(running.url, unique()), options, greets);
    await until(() => expect(client.opened(), JSON.stringify(client.events.slice(-4))).toBe(1));
    return client;
  };

  const isSilent = async (client: Client): Promise<string> => {
    await sleep(3 * server.limit);
    expect(client.ends()).toEqual([]);
    expect([client.phase(), client.messages]).toEqual(['open', []]);
    expect(client.beats()).toBeGreaterThan(0);
    return `silent for 3 × ${server.limit / 1_000} s: open, ${client.beats()} beats, none of them shown`;
  };

  test.concurrent('stays open through three idle limits while the app is silent, and the app sees nothing of it', async ({
    onTestFinished,
  }) => {
    const client = await connect(server.options());
    onTestFinished(client.end);
    note(await isSilent(client));
  });

  const { answering } = server;
  if (answering) {
    test.concurrent('stays open by its answers alone', async ({ onTestFinished }) => {
      const client = await connect(answering());
      onTestFinished(client.end);
      note(`by answers alone: ${await isSilent(client)}`);
      expect(client.events.some(({ type }) => type === 'beat')).toBe(false);
    });
  }

  test.concurrent('messages of the app go out and come in, long ones in one piece', async ({ onTestFinished }) => {
    const client = await connect(server.options(), server.greets);
    onTestFinished(client.end);
    await exchange(client, server);
    await exchange(client, server, unique() + 'long '.repeat(20_000));
    await burst(client, server);
    note('messages in both directions, one of 100 kB, and 200 in a row');
  });

  const { ends } = server;
  if (ends) {
    test.concurrent('gives a client up that has no heartbeat', async ({ onTestFinished }) => {
      const client = await connect(server.silent?.() ?? { ...server.options(), heartbeat: false });
      onTestFinished(client.end);
      const since = performance.now();
      await until(() => {
        if (ends instanceof RegExp) expect(client.messages.join()).toMatch(ends);
        else expect(client.ends()).not.toEqual([]);
      });
      const [end] = client.ends();
      if (end) expect(end).toMatchObject({ code: ends });
      const how = end ? `${end.code}${end.reason && ` "${end.reason}"`}` : JSON.stringify(client.messages[0]);
      note(`without a heartbeat: ${how} after ${seconds(since)}`);
    });
  }

  const { refused } = server;
  if (refused) {
    test.concurrent(`${refused.comesBack ? 'tries again' : 'gives up'} where the server lets nobody in`, async ({
      onTestFinished,
    }) => {
      const client = startClient(running.url + (refused.query ?? ''), refused.options());
      onTestFinished(client.end);
      await until(() => expect(client.errors().join('\n')).toMatch(refused.error));
      await until(() => expect(client.phase()).toMatch(refused.comesBack ? /waiting|connecting/ : /failed/));
      expect([client.opened(), client.messages]).toEqual([0, []]);
      note(`refused: ${client.phase()}, ${JSON.stringify(client.errors().at(-1))}`);
    });
  }

  test('a silent cut is noticed and mended', ALONE, async ({ onTestFinished }) => {
    const client = await connect(server.options(), server.greets);
    onTestFinished(client.end);
    await exchange(client, server);
    const cutAt = performance.now();
    running.freeze();
    await until(() => expect(client.ends()).toHaveLength(1)).finally(() => running.thaw());
    const noticed = seconds(cutAt);
    const thawedAt = performance.now();
    await until(() => expect(client.opened()).toBeGreaterThan(1));
    await exchange(client, server);
    note(`silent cut: noticed after ${noticed}, data again ${seconds(thawedAt)} later`);
  });

  test('a restart of the server is mended', ALONE, async ({ onTestFinished }) => {
    const client = await connect(server.options(), server.greets);
    onTestFinished(client.end);
    await exchange(client, server);
    const since = performance.now();
    await running.restart();
    await until(() => expect(client.opened()).toBeGreaterThan(1));
    await exchange(client, server);
    note(`restart: ${client.ends()[0]?.code}, data again ${seconds(since)} after the order`);
  });
}

/** Fails on a warning, whichever of the tests it was in: those that run at the same time share one console. */
function withoutWarnings(): void {
  const { warn, error } = console;
  const warnings: string[] = [];
  beforeAll(() => {
    console.warn = console.error = (...args: unknown[]) => void warnings.push(args.join(' '));
  });
  afterAll(() => {
    Object.assign(console, { warn, error });
    expect(warnings).toEqual([]);
  });
}

/** Tries servers, all of them at the same time, and prints what was seen of each. */
export function tryServers(servers: readonly RealServer[]): void {
  withoutWarnings();
  const seen = servers.map((server) => ({ server, notes: [] as string[] }));
  for (const { server, notes } of seen)
    describe.concurrent(server.name, () => tryServer(server, (what) => notes.push(what)));
  afterAll(() => {
    console.info(seen.map(({ server, notes }) => [server.name, ...notes].join('\n  ')).join('\n'));
  });
}
