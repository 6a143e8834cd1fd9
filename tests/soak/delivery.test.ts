/** What arrives over some faults of each kind. `npm run bench -- --only delivery` has two hundred of them, and other clients beside. */
import { expect, test } from 'vitest';
import { countArrivals, forgottenIn, missingIn, numbersOf, unexplained } from '../bench/delivery/count.ts';
import { runDelivery } from '../bench/delivery/run.ts';
import { WITH_PROOF, WITHOUT_PROOF } from '../bench/page/delivery-names.ts';

const WORK = { seed: 14, faults: 8, messages: 300, lag: 20 };

test('over all kinds of faults nothing is lost with atLeastOnce and cursor, and without them what is lost was reported', async () => {
  const reports = await runDelivery([WITH_PROOF, WITHOUT_PROOF], WORK);
  for (const [name, { received, notes }] of reports) {
    const toServer = countArrivals(received, WORK.messages);
    const toPage = countArrivals(numbersOf(notes, 'heard'), WORK.messages);
    const story = JSON.stringify({ name, toServer, toPage });
    console.info(story);
    expect(toServer.outOfOrder + toPage.outOfOrder + toPage.twice, story).toBe(0);
    // Each was handed to a socket, or reported.
    expect(forgottenIn(notes, WORK.messages), story).toEqual([]);
    if (name === WITH_PROOF) {
      expect(toServer.lost + toPage.lost, story).toBe(0);
      expect(numbersOf(notes, 'reported'), story).toEqual([]);
    } else {
      expect(toServer.twice, story).toBe(0);
      // What is lost was reported, unless a sign of life that was under way already seemed to follow it.
      expect(unexplained(notes, missingIn(received, WORK.messages)), story).toEqual([]);
    }
  }
}, 240_000);
