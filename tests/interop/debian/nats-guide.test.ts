/** What `.github/NATS.md` says about one node, whose configuration is the one on that page. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createApp, effectScope } from 'vue';
import { createHeartbeatSocket, type HeartbeatSocketEvent } from 'vue-heartbeat-socket';
import type { NatsOptions } from 'vue-heartbeat-socket/heartbeats';
import { WebSocket as AnyWebSocket } from 'ws';
import { takeWarnings } from '../../support/no-warnings';
import { freePorts, type RunningProgram, startProgram } from '../support/program';
import { useNats } from './nats-recipe/useNats';
import { programs } from './programs';

const until = <T>(expectation: () => T): Promise<T> => vi.waitFor(expectation, { interval: 20, timeout: 60_000 });

const guide = readFileSync(new URL('../../../.github/NATS.md', import.meta.url), 'utf8');
const [, onPage = ''] = guide.match(/^```conf\n([\s\S]*?)^```$/m) ?? [];

/** The configuration for this machine: without a certificate, and with ports of its own. */
function config(ports: readonly number[]): string {
  const [client, webSocket, route] = ports;
  const changes: [RegExp, string][] = [
    [/port: 4222/, `host: 127.0.0.1, port: ${client}`],
    [/port: 443/, `host: 127.0.0.1, port: ${webSocket}`],
    [/tls \{.*\}/, 'no_tls: true'],
    [/port: 6222/, `host: 127.0.0.1, port: ${route}`],
    [/n\d\.internal:6222/g, `127.0.0.1:${route}`],
  ];
  return changes.reduce((text, [from, to]) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  }, onPage);
}

let node: RunningProgram;
beforeAll(async () => {
  const ports = await freePorts(3);
  node = await startProgram({
    path: programs.nats,
    port: ports[1] as number,
    files: () => ({ 'n1.conf': config(ports) }),
    args: (folder) => ['-c', `${folder}/n1.conf`],
    env: () => ({ PAGE_PASSWORD: 'for-everybody', SERVER_PASSWORD: 'for-nobody' }),
  });
});
afterAll(() => node?.end());

let scope = effectScope(true);
afterEach(() => scope.stop());

/** A page with the password of all pages. */
function startPage(options: NatsOptions = {}) {
  const app = createApp({});
  const events: HeartbeatSocketEvent[] = [];
  const onEvent = (event: HeartbeatSocketEvent): void => void events.push(event);
  app.use(createHeartbeatSocket({ WebSocket: globalThis.WebSocket, onEvent, onError() {} }));
  scope = effectScope(true);
  const connection = app.runWithContext(() =>
    scope.run(() => useNats([node.url], { user: 'page', pass: 'for-everybody', ...options })),
  ) as ReturnType<typeof useNats>;
  const heard: unknown[] = [];
  const hear = (topic: string) =>
    connection.subscribe(topic, ({ subject, value }) => void heard.push([subject, value]));
  return { ...connection, events, heard, hear };
}

test('a page with its password may chat', async () => {
  const { hear, heard, publish } = startPage();
  hear('chat.*');
  hear('chat.lobby');
  publish('chat.lobby', 'Grüße 😀');
  // Each of the two hears it once.
  await until(() => expect(heard).toHaveLength(2));
  publish('chat.attic', { n: 1 });
  await until(() => expect(heard).toHaveLength(3));
  expect(heard).toEqual([
    ['chat.lobby', 'Grüße 😀'],
    ['chat.lobby', 'Grüße 😀'],
    ['chat.attic', { n: 1 }],
  ]);
});

test('what a page may not say or hear is a warning, and the connection stays', async () => {
  const { events, hear, heard, publish } = startPage();
  hear('>');
  hear('chat.*');
  publish('prices.BTC', 1);
  publish('chat.lobby', 'the end');
  await until(() => expect(heard).toEqual([['chat.lobby', 'the end']]));
  expect(takeWarnings(/-ERR 'Permissions Violation for Subscription to ">"'/)).toBe(1);
  expect(takeWarnings(/-ERR 'Permissions Violation for Publish to "prices.BTC"'/)).toBe(1);
  expect(events.filter(({ type }) => type === 'ended')).toEqual([]);
});

test('a wrong password is the end', async () => {
  const { phase, error } = startPage({ pass: 'wrong' });
  await until(() => expect(phase.value).toBe('failed'));
  expect(error.value).toMatchObject({ code: 'gave-up', cause: "-ERR 'Authorization Violation'\r\n" });
});

test('a message with headers is read like one without', async () => {
  const { hear, heard, send } = startPage();
  hear('chat.*');
  const [headers, payload] = ['NATS/1.0\r\nFrom: Ann\r\n\r\n', '"hello"'];
  send(`HPUB chat.lobby ${headers.length} ${headers.length + payload.length}\r\n${headers}${payload}\r\n`);
  await until(() => expect(heard).toEqual([['chat.lobby', 'hello']]));
});

test('a payload that is no JSON is dropped, and the next message is read', async () => {
  const { events, hear, heard, publish, send } = startPage();
  hear('chat.*');
  send('PUB chat.lobby 3\r\nhi!\r\n');
  send('PUB chat.lobby 0\r\n\r\n');
  publish('chat.lobby', 'hello');
  await until(() => expect(heard).toEqual([['chat.lobby', 'hello']]));
  const errors = events.filter((event) => event.type === 'erred' && event.error.code === 'serializer');
  expect(errors).toHaveLength(2);
});

test('a subject cannot be another command', () => {
  const { publish } = startPage();
  for (const subject of ['', 'chat lobby', 'chat.lobby 0\r\n\r\nSUB >']) {
    expect(() => publish(subject, 'hello')).toThrow('no subject of NATS');
  }
});

test('pages of other sites are kept out', async () => {
  const connect = (origin: string) =>
    new Promise((resolve) => {
      const socket = new AnyWebSocket(node.url, { origin });
      socket.once('open', () => resolve('open')).once('error', ({ message }) => resolve(message));
      socket.once('open', () => socket.close());
    });
  expect(await connect('https://app.example.org')).toBe('open');
  expect(await connect('https://elsewhere.example.org')).toContain('403');
});
