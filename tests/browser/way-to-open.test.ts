/** Servers that want something before they are open to a client: a login, a good token, a moment of time. */
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { commands } from 'vitest/browser';
import { watch } from 'vue';
import type { Phase } from '../../src';
import { type Mounted, mountSocket, opens, sleep, until } from './mount-socket';

type Options = Parameters<typeof mountSocket>[1];

let page: Mounted;

afterEach(() => page.unmount());

async function startApp(app: Parameters<typeof commands.startApp>[0]): Promise<string> {
  const host = await commands.startApp(app);
  onTestFinished(() => commands.endApp(host));
  return host;
}

describe('a server of the package graphql-ws', () => {
  const graphql: Options = {
    protocols: 'graphql-transport-ws',
    serializer: 'json',
    heartbeat: { message: '{"type":"ping"}', responseMessage: '{"type":"pong"}', interval: 200 },
    autoReconnect: { delay: 50 },
    handshake: async ({ send, receive }) => {
      send(JSON.stringify({ type: 'connection_init' }));
      const { type } = JSON.parse(await receive());
      if (type !== 'connection_ack') throw new Error(`expected connection_ack, received ${type}`);
    },
  };

  const next = (id: string, data: object) => ({ id, type: 'next', payload: { data } });
  const COUNTDOWN = [3, 2, 1].map((countdown) => next('countdown', { countdown }));
  const DONE = { id: 'countdown', type: 'complete' };

  test('answers a query that was sent before it had acknowledged, and a subscription anew on each connection', async () => {
    const host = await startApp('graphql');
    const subscribe = (id: string, query: string): boolean =>
      page.socket.send({ id, type: 'subscribe', payload: { query } } as never);
    page = mountSocket(`ws://${host}/`, {
      ...graphql,
      onConnected: () => subscribe('countdown', 'subscription { countdown }'),
    });
    expect(subscribe('hello', '{ hello }')).toBe(false);
    const received = (id: string): unknown[] => page.received.filter((value) => (value as { id: string }).id === id);
    await until(() => received('countdown').length >= 4 && received('hello').length >= 2, 'all answers');
    expect(received('countdown')).toEqual([...COUNTDOWN, DONE]);
    expect(received('hello')).toEqual([next('hello', { hello: 'world' }), { id: 'hello', type: 'complete' }]);
    await until(() => page.socket.latency.value !== undefined, 'a pong');

    await commands.tellApp(host, 'drop');
    await until(() => received('countdown').length >= 8, 'the subscription on a new connection');
    expect(received('countdown')).toEqual([...COUNTDOWN, DONE, ...COUNTDOWN, DONE]);
    // Everything that came is an answer: no acknowledgement, no pong.
    expect(page.received).toHaveLength(10);
    const log = (await commands.logOfApp(host)).filter((line) => !line.endsWith('ping'));
    expect(log).toEqual([
      '1 connection_init',
      '1 subscribe',
      '1 subscribe',
      '1 closed with 1006',
      '2 connection_init',
      '2 subscribe',
    ]);
  });
});

describe('a token that has run out', () => {
  async function logIn(giveUp = true): Promise<{ host: string; told: unknown[]; failed: ReturnType<typeof vi.fn> }> {
    const host = await startApp('token');
    const told: unknown[] = [];
    const failed = vi.fn();
    page = mountSocket(`ws://${host}/`, {
      autoReconnect: { delay: 50, onFailed: failed },
      beforeConnect: async ({ url, signal, lastClose, giveUp: end }) => {
        told.push(lastClose?.code);
        const response = await fetch(`http://${host}/token`, { signal });
        if (response.status === 401 && giveUp) return end('logged out');
        return `${url}?token=${await response.text()}`;
      },
    });
    await opens(page);
    return { host, told, failed };
  }

  test('is replaced by a new one, and the page is connected again', async () => {
    const { host, told, failed } = await logIn();
    await commands.tellApp(host, 'expire');
    await until(async () => (await commands.logOfApp(host)).includes('took token 2'), 'the new token');
    await opens(page);
    expect(told).toEqual([undefined, 4401]);
    page.socket.send('hello');
    await until(() => page.received.length, 'an answer');
    expect(page.received).toEqual(['hello']);
    expect(await commands.logOfApp(host)).toEqual(['gave token 1', 'took token 1', 'gave token 2', 'took token 2']);
    expect(failed).not.toHaveBeenCalled();
  });

  test('of a user who has logged out elsewhere ends at the login page, with one question for a token', async () => {
    const { host, failed } = await logIn();
    await commands.tellApp(host, 'logOut');
    await until(() => page.socket.phase.value === 'failed', 'failed');
    await sleep(500);
    expect(page.socket.error.value).toMatchObject({ code: 'gave-up', cause: 'logged out' });
    expect(await commands.logOfApp(host)).toEqual(['gave token 1', 'took token 1', 'gave no token']);
    expect(failed).toHaveBeenCalledTimes(1);
  });

  test('and is given once more by the endpoint is refused once more, and then the page gives up', async () => {
    const { host } = await logIn(false);
    await commands.tellApp(host, 'logOut');
    await until(() => page.socket.phase.value === 'failed', 'failed');
    await sleep(500);
    expect(page.socket.error.value).toMatchObject({ code: 'final-code', closeCode: 4401 });
    expect(await commands.logOfApp(host)).toEqual(['gave token 1', 'took token 1', 'gave no token', 'refused token 1']);
  });
});

test('a server that closes with 4401 and never ends TCP is heard, though the heartbeat finds it silent first', async () => {
  const url = await commands.startServer();
  onTestFinished(() => commands.endServer(url));
  page = mountSocket(`${url}?client=closing`, { heartbeat: { interval: 200, pongTimeout: 1_500 } });
  const phases: Phase[] = [];
  watch(page.socket.phase, (phase) => phases.push(phase), { flush: 'sync' });
  await opens(page);
  await until(() => page.socket.latency.value !== undefined, 'an answer');
  await commands.closeWithoutEnd(url, 4401);
  await until(() => page.socket.status.value !== 'OPEN', 'the end');
  expect(phases.slice(-2)).toEqual(['suspect', 'failed']);
  expect(page.socket.phase.value).toBe('failed');
  expect(page.socket.error.value).toMatchObject({ code: 'final-code', closeCode: 4401 });
  await sleep(300);
  expect(await commands.countOf(url, 'closing')).toMatchObject({ total: 1, asked: 1 });
});

test('an app with more to say than the server takes in a second loses nothing after an outage, and is not closed', async () => {
  const host = await startApp('strict');
  page = mountSocket(`ws://${host}/`, {
    heartbeat: false,
    autoReconnect: { delay: 100 },
    buffer: { perSecond: 20 },
  });
  await until(() => page.socket.phase.value === 'waiting', 'the outage');
  const messages = Array.from({ length: 60 }, (_, i) => `message ${i}`);
  for (const message of messages) page.socket.send(message);
  await commands.tellApp(host, 'open');
  await until(() => !page.socket.pending.value, 'all handed over');
  await until(async () => (await commands.logOfApp(host)).length >= 60, 'all received');
  expect(await commands.logOfApp(host)).toEqual(messages);
});
