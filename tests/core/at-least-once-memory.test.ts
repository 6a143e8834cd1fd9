/** What is proven is forgotten: a page that sends for days must not grow. */
import { expect, test } from 'vitest';
import { createAtLeastOnce } from '../../src/core/at-least-once';
import { openEngine } from '../support/engine';
import { collectGarbage } from '../support/garbage';

const BATCHES = 200;
const A_BATCH = 500;
/** A message that is remembered by a number alone would take as much. */
const BYTES = 8;

test('a hundred thousand messages that were proven, some of them on a second socket, leave nothing in memory', async () => {
  const engine = openEngine({
    delivery: createAtLeastOnce({ ackWithin: 1_000, ack: undefined, id: undefined, storage: undefined }),
    autoReconnect: { delay: 0 },
    serializer: 'json',
  });
  const { connection, ports, log } = engine;
  let delivered = 0;
  connection.listeners.add({
    onDelivered: () => {
      delivered += 1;
    },
  });
  const runBatch = (at: number): WeakRef<object> => {
    const first = { at, n: 0 };
    connection.send(first);
    for (let n = 1; n < A_BATCH; n += 1) connection.send({ at, n });
    if (at % 4 === 0) {
      engine.socket.end(1006);
      ports.clock.advance(0);
      engine.socket.accept();
    }
    ports.clock.advance(1_000);
    engine.socket.say('HeartBeat');
    // What the test's own ports and listener keep.
    engine.socket.sent.length = 0;
    ports.sockets.splice(0, ports.sockets.length - 1);
    log.length = 0;
    return new WeakRef(first);
  };
  const run = (): WeakRef<object>[] => Array.from({ length: BATCHES }, (_, at) => runBatch(at));

  // What is made once is made.
  run();
  await collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const firsts = run();
  await collectGarbage();
  const grown = process.memoryUsage().heapUsed - before;

  expect(delivered).toBe(2 * BATCHES * A_BATCH);
  expect(engine.view.pending).toBe(0);
  expect(firsts.filter((first) => first.deref())).toEqual([]);
  expect(grown / (BATCHES * A_BATCH)).toBeLessThan(BYTES);
});
