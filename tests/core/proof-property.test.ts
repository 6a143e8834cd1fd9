/**
 * Proof of delivery under any sequence of events: fast-check plays the app, the page, the link and a server that reads in order.
 *
 * What no library can know is left out. Heartbeats and answers are the same text each time, so a second answer to the same heartbeat
 * cannot be told from the answer to the next one, unless it comes at once: here a server that answers twice does so back to back, and one
 * that answers unasked does so while no heartbeat is under way.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadingServer } from './proof/reading-server';

const wait = fc.record({ wait: fc.constantFrom(0, 1, 50, 99, 100, 500, 1_000, 5_000, 15_000) });

const deed = fc.oneof(
  { weight: 8, arbitrary: fc.constant('send' as const) },
  { weight: 8, arbitrary: wait },
  { weight: 6, arbitrary: fc.constant('answer' as const) },
  { weight: 4, arbitrary: fc.constantFrom('accept' as const, 'beat' as const, 'answer twice' as const) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...(['send unbuffered', 'leave unanswered', 'answer unasked', 'news', 'read one', 'read all'] as const),
      ...(['loss', 'cut', 'networkchange', 'wake', 'fill', 'empty'] as const),
    ),
  },
);

const ending = fc.oneof(
  { weight: 4, arbitrary: deed },
  fc.constantFrom('close' as const, 'open' as const, 'accept' as const, 'url' as const),
  fc.record({ drain: fc.constantFrom(0, 500, 3_000, 60_000) }),
);

const settings = fc.record({
  ackWithin: fc.constantFrom(100, 1_000),
  interval: fc.constantFrom(2_000, 10_000),
  liveness: fc.constantFrom('traffic' as const, 'response' as const),
  limit: fc.constantFrom(3, 1_000),
  overflow: fc.constantFrom('drop-oldest' as const, 'drop-newest' as const),
  logsIn: fc.boolean(),
  ack: fc.constantFrom('none' as const, 'none' as const, 'count' as const, 'id' as const),
  refuses: fc.boolean(),
});

describe('for any sequence of sends, heartbeats, answers and losses', () => {
  test('nothing is delivered that was not read, order is kept, and in the end everything has arrived', () => {
    fc.assert(
      fc.property(settings, fc.array(deed, { maxLength: 60 }), (given, deeds) => {
        const server = new ReadingServer(given);
        for (const one of ['accept' as const, ...deeds]) server.play(one);
        server.recovers();
        expect(server.faults).toEqual([]);
        // What fits is delivered, unless it was for one connection alone.
        if (given.limit === 1_000) expect(server.missing()).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  test('with close(), open(), a new url and close({ drain }) as well, each message ends in exactly one place', () => {
    fc.assert(
      fc.property(settings, fc.array(ending, { maxLength: 60 }), (given, deeds) => {
        const server = new ReadingServer(given);
        for (const one of ['accept' as const, ...deeds]) server.play(one);
        server.recovers();
        server.play('close');
        expect(server.faults).toEqual([]);
        expect(server.pending).toBe(0);
      }),
      { numRuns: 1_500 },
    );
  });
});
