/** The network that the soak makes up: what it does to a connection, and what it knows of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchForClose } from '../../playground/server/close-frame.ts';
import { createLane } from '../../playground/server/lane.ts';

test('a close frame is found in whatever chunks it comes, and a message that looks like one is not', () => {
  const message = Buffer.from([0x81, 0x84, 1, 2, 3, 4, 0x88, 0x80, 0x88, 0x80]);
  const long = Buffer.concat([Buffer.from([0x82, 0xfe, 0x01, 0x00, 1, 2, 3, 4]), Buffer.alloc(256, 0x88)]);
  const close = Buffer.from([0x88, 0x80, 1, 2, 3, 4]);
  const all = Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n\r\n'), message, long, close]);
  for (const size of [1, 7, 1_000]) {
    const sawClose = watchForClose();
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, k) =>
      all.subarray(k * size, (k + 1) * size),
    );
    const found = chunks.findIndex((chunk) => sawClose(chunk));
    expect((found + 1) * size).toBeGreaterThan(all.length - close.length);
  }
});

test('a slow lane keeps the order, and what is under way arrives when it is flushed', async () => {
  const arrived: number[] = [];
  const lags = [0, 30, 0, 10, 5_000];
  const lane = createLane(() => lags.shift() ?? 0);
  for (const n of [0, 1, 2, 3, 4]) lane.put(() => arrived.push(n));
  expect(arrived).toEqual([0]);
  await sleep(100);
  expect(arrived).toEqual([0, 1, 2, 3]);
  lane.flush();
  expect(arrived).toEqual([0, 1, 2, 3, 4]);
  lane.put(() => arrived.push(5));
  expect(arrived).toContain(5);
});
