/** Takes in a million messages with the contestant named in the arguments, and counts timers and bytes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { effectScope } from 'vue';
import type { FakeSocket } from '../page/fake-socket.ts';
import { PEERS } from '../page/peers.ts';
import { median } from '../statistics.ts';
import type { TimersFigure } from '../timers.ts';

/** Few enough that what they allocate fits without the collector running in between. */
const BATCH = 20_000;

const [name = '', count = ''] = process.argv.slice(2);
const connect = PEERS[name];
if (!connect || !globalThis.gc) throw new Error(`cannot run '${name}'`);
const collect = globalThis.gc;

let armed = 0;
for (const timer of ['setTimeout', 'setInterval'] as const) {
  const original = globalThis[timer] as (...args: unknown[]) => unknown;
  Object.assign(globalThis, {
    [timer](...args: unknown[]) {
      armed += 1;
      return original(...args);
    },
  });
}

let heard = 0;
effectScope(true).run(() =>
  connect({
    url: 'ws://127.0.0.1/',
    interval: 60_000,
    pongTimeout: 60_000,
    onMessage: () => {
      heard += 1;
    },
  }),
);
// Some connect a moment later.
await sleep(50);
const socket = (WebSocket as unknown as typeof FakeSocket).newest as FakeSocket;
socket.open();
await sleep(50);

// Two that differ: the same data again would be no change to a ref.
const events = ['message 1 '.padEnd(100, '.'), 'message 2 '.padEnd(100, '.')].map((data) => ({
  type: 'message',
  data,
  origin: '',
}));
const heap = (): number => process.memoryUsage().heapUsed;
const run = (): void => {
  for (let i = 0; i < BATCH; i += 1) socket.hear(events[i % 2] as object);
};

// Compiled, and what is made once is made.
for (let i = 0; i < 5; i += 1) run();
collect();
const [heapBefore, armedBefore] = [heap(), armed];
heard = 0;
const bytes: number[] = [];
const batches = Number(count) / BATCH;
for (let i = 0; i < batches; i += 1) {
  collect();
  const before = heap();
  run();
  bytes.push((heap() - before) / BATCH);
}
collect();
if (heard !== Number(count)) throw new Error(`${name} heard ${heard} of ${count}`);
const figure: TimersFigure = {
  timers: armed - armedBefore,
  bytesPerMessage: Math.max(0, Math.round(median(bytes))),
  bytesKept: Math.round((heap() - heapBefore) / 1024) * 1024,
};
process.stdout.write(JSON.stringify(figure));
process.exit();
