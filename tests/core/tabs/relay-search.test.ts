/** Long walks over three tabs with their real connections, and a server in memory: no message comes twice, and none is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLeastOnce } from '../../../src/vue/messages/at-least-once';
import { RelayWalk } from './relay-walk';

const WALKS = Number(process.env['WALKS'] ?? 1_000);
const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) };

const autoReconnect = { delay: 200 };
const heartbeat = { message: 'ping', responseMessage: 'pong' };

test.each([
  ['without proof of delivery', false, true],
  ['without proof of delivery, news of a lock first', false, false],
  ['with atLeastOnce', true, true],
  ['with atLeastOnce, news of a lock first', true, false],
])('%s', async (name, isProven, isFair) => {
  const options = () => ({ autoReconnect, ...(isProven && { heartbeat, delivery: atLeastOnce() }) });
  const sum = { leads: 0, heard: 0, tabs: 0, steps: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 99_999 }), { minLength: 20, maxLength: 120, size: 'max' }),
      async (choices) => {
        const walk = new RelayWalk(options(), isProven, isFair);
        for (const choice of choices) await walk.step(choice / 100_000);
        await walk.over();
        const { leads, heard, tabs } = walk.figures();
        sum.leads += leads;
        sum.heard += heard;
        sum.tabs += tabs;
        sum.steps += choices.length;
      },
    ),
    { numRuns: WALKS, endOnFailure: true, ...seed },
  );
  console.info(
    `${name}: ${WALKS} walks, ${sum.steps} steps, ${sum.tabs} tabs, ${sum.leads} leads, ${sum.heard} messages`,
  );
  expect(sum.leads).toBeGreaterThan(WALKS);
});
