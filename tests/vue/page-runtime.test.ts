/** The ports of a page, which all connections of a window share. */
import { expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { pageRuntime } from '../../src/browser/page-runtime';
import { createPageSignals } from '../../src/browser/page-signals';
import { createSystemClock } from '../../src/browser/system-clock';
import { useHeartbeatSocket } from '../../src/vue/use-heartbeat-socket';
import { fakeWebSocket } from '../support/fake-web-socket';
import { watchLeaks } from '../support/leaks';
import { useFakeSockets } from '../support/use-fake-sockets';

// A real MessageChannel takes real time.
const realTimeout = globalThis.setTimeout;

const fake = useFakeSockets();

test('connections add one set of page listeners, whatever their number, and the last one to leave removes it', () => {
  const { WebSocket } = fake;
  const leaks = watchLeaks();
  const scopes = Array.from({ length: 5 }, () => effectScope(true));
  const counts = scopes.map((scope) => {
    scope.run(() => useHeartbeatSocket('ws://server/', { WebSocket }));
    return leaks.listeners();
  });
  expect(counts).toEqual([7, 7, 7, 7, 7]);
  const left = scopes.map((scope) => {
    scope.stop();
    return leaks.listeners();
  });
  expect(left).toEqual([7, 7, 7, 7, 0]);
});

test('each connection hears the page, and none that begins to listen because of it', () => {
  const signals = createPageSignals(window);
  const heard: string[] = [];
  const stops = ['a', 'b'].map((name) =>
    signals.listen((signal) => {
      heard.push(`${name}:${signal}`);
      if (name === 'a') stops.push(signals.listen(() => heard.push('late')));
    }),
  );
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['a:online', 'b:online']);
  for (const stop of stops) stop();
});

test('a connection that leaves because of a page event does not hear that event any more', () => {
  const signals = createPageSignals(window);
  const heard: string[] = [];
  let stopOther = (): void => {};
  const stop = signals.listen(() => stopOther());
  stopOther = signals.listen(() => heard.push('left'));
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual([]);
  stop();
});

test('connections of a window share its signals, and its transport unless one brings its own WebSocket', () => {
  const { WebSocket } = fakeWebSocket();
  const [one, two, own] = [pageRuntime(window), pageRuntime(window), pageRuntime(window, WebSocket)];
  expect([one.signals === two.signals, one.transport === two.transport]).toEqual([true, true]);
  expect([own.signals === one.signals, own.transport === one.transport]).toEqual([true, false]);
  expect(pageRuntime({} as Window).signals).not.toBe(one.signals);
});

test('on a hidden page the retries of other connections do not put the time of a connection forward', async () => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const [busy, quiet] = [pageRuntime(window).clock, pageRuntime(window).clock];
  const before = [busy.now(), quiet.now()];
  busy.after(200, () => {});
  await new Promise((resolve) => realTimeout(resolve, 30));
  expect([busy.now() - (before[0] as number), quiet.now() - (before[1] as number)]).toEqual([200, 0]);
});

test('on a hidden page a connection that is tried again at once does not keep another one waiting', async () => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const ran: string[] = [];
  for (const name of ['a', 'b']) createSystemClock(window).after(100, () => ran.push(name));
  expect(vi.getTimerCount()).toBe(0);
  await new Promise((resolve) => realTimeout(resolve, 30));
  expect(ran).toEqual(['a', 'b']);
});

test('a browser that says there is no network is not believed for a server on this machine', () => {
  const elsewhere = { navigator: { onLine: false }, document: { baseURI: 'https://app.example/' } };
  const here = { navigator: { onLine: false }, document: { baseURI: 'http://localhost:5173/' } };
  const online = (page: object, url: unknown): boolean => createPageSignals(page as Window).online(url);
  for (const url of [
    'ws://localhost:8080/',
    'wss://a.localhost',
    'http://127.0.0.1/x',
    'ws://127.1.2.3',
    'ws://[::1]:80/?q',
  ])
    expect([url, online(elsewhere, url)]).toEqual([url, true]);
  expect(online(elsewhere, new URL('ws://user:word@localhost/'))).toBe(true);
  for (const url of [
    'wss://localhost.example/',
    'wss://127.0.0.1.example',
    'wss://app.example/?//localhost/',
    '/live',
    undefined,
  ])
    expect([url, online(elsewhere, url)]).toEqual([url, false]);
  expect([online(here, '/live'), online(here, '//localhost/'), online(here, '//app.example/')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(online(here, 'wss://app.example/')).toBe(false);
});
