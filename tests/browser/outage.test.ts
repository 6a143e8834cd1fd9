/** An outage, and what the user sees when it ends: how soon the page is connected, and whether it can be used meanwhile. */
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { commands } from 'vitest/browser';
import { watchLateness } from '../support/lateness';
import { type Mounted, mountSocket, opens, sleep, until } from './mount-socket';

let url: string;
let page: Mounted;

beforeEach(async () => {
  url = await commands.startServer();
});

afterEach(async () => {
  vi.restoreAllMocks();
  page.unmount();
  await commands.endServer(url);
});

test.each([
  ['is told once', 1],
  ['is told twice', 2],
  ['is told three times', 3],
])('a page that %s that it is online, 300 ms too early, is connected within about a second', async (_, flaps) => {
  // Each wait has its full length: no figure is luck.
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const times: number[] = [];
  const lateness = watchLateness();
  onTestFinished(lateness.stop);
  for (let round = 0; round < 3; round += 1) {
    page = mountSocket(`${url}?client=online`);
    await opens(page);
    await commands.stopServer(url);
    await until(() => page.socket.phase.value === 'waiting', 'the outage');
    for (let flap = 0; flap < flaps; flap += 1) {
      const { failures } = page.socket;
      const before = failures.value;
      window.dispatchEvent(new Event('online'));
      await until(() => failures.value > before, 'a refusal');
      await sleep(300);
    }
    await commands.restartServer(url);
    lateness.take();
    times.push((await opens(page)) - lateness.take());
    page.unmount();
  }
  times.sort((a, b) => a - b);
  console.info(`open ${times.map(Math.round).join(', ')} ms after the server could be reached`);
  // The machine is shared: the middle one of three counts, without what was late in the page itself.
  expect(times[1]).toBeLessThanOrEqual(1_500);
});

test('a page with 60,000 messages from a long outage can be used while it hands them over, and loses none', async () => {
  const count = 60_000;
  const handedAt: number[] = [];
  page = mountSocket(url, {
    heartbeat: false,
    // What the socket has to send is no reason to pause here.
    buffer: { limit: count, highWaterMark: 1e9 },
    onSend: () => handedAt.push(performance.now()),
  });
  await opens(page);
  await commands.stopServer(url);
  await until(() => page.socket.phase.value === 'waiting', 'the outage');
  for (let i = 0; i < count; i += 1) page.socket.send(`message ${i}`);
  expect(page.socket.pending.value).toBe(count);
  await commands.restartServer(url);
  // What the user does meanwhile: each turn of the event loop in which the page is free.
  const freeAt: number[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    freeAt.push(performance.now());
    if (handedAt.length < count) port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  await until(() => handedAt.length >= count, 'all handed over', 50_000);
  port1.close();
  const first = handedAt[0] as number;
  const last = handedAt.at(-1) as number;
  const during = [first, ...freeAt.filter((at) => at > first && at < last), last];
  const longest = Math.max(...during.slice(1).map((at, i) => at - (during[i] as number)));
  console.info(`handed over in ${Math.round(last - first)} ms, at most ${Math.round(longest)} ms without a break`);
  expect(during.length).toBeGreaterThan(3);
  expect(longest).toBeLessThan((last - first) / 2);
  expect(page.socket.pending.value).toBe(0);
  await until(async () => (await commands.receivedBy(url, 1)).length >= count, 'all received', 50_000);
  const received = await commands.receivedBy(url);
  expect(received.every((text, i) => text === `message ${i}`)).toBe(true);
  expect(received).toHaveLength(count);
});
