/** What the README says of the benchmark is what its last run found; what can be counted is counted again. No clock here. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createChance } from '../soak/chance';
import { CONTESTANTS, OURS, versions } from './contestants';
import { herdFigures, OUTAGES, simulateHerd } from './herd';
import { HEARTBEAT_JS_DELAY, POLICIES, USE_WEB_SOCKET_DELAY } from './herd/policies';
import { simulate } from './herd/simulate';
import { TOLD } from './herd/told';
import { CLIENTS, WITH_PROOF, WITHOUT_PROOF } from './page/delivery-names';
import { drawCharts } from './report/charts';
import { isReadmeOf } from './report/readme';
import { readResults } from './results';
import { measureSizes } from './size';
import { measureTimers } from './timers';

const results = readResults();
const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const without = <T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));

describe('after each change of it: npm run bench -- --only report', () => {
  test("the README's tables are those of the results", () => {
    expect(isReadmeOf(results)).toBe(true);
  });

  test.each([...drawCharts(results)])('the chart %s is that of the results', (name, svg) => {
    expect(read(`.github/${name}`)).toBe(svg);
  });
});

test('the results are those of the versions installed', () => {
  const { chromium: _, ...measured } = results.versions;
  expect(without(measured, OURS)).toEqual(without(versions(), OURS));
});

test('the sizes are those of the results: npm run bench -- --only size', async () => {
  // What is published need not be built here; its source weighs the same to a hair.
  const sizes = await measureSizes('./src/index.ts');
  expect(without(sizes, OURS)).toEqual(without(results.size, OURS));
  expect(Math.abs((sizes[OURS] as number) / (results.size[OURS] as number) - 1)).toBeLessThan(0.03);
});

test('a message arms no timer, as the results say, and costs next to no memory', { timeout: 60_000 }, async () => {
  // So many batches that the median is one of compiled code, also on a busy machine.
  const { figures } = await measureTimers(1_000_000, [OURS]);
  expect(figures[OURS]?.timers).toBe(0);
  expect(results.timers.figures[OURS]?.timers).toBe(0);
  // The time of the message, twice: a number that is no small integer is an object.
  expect(figures[OURS]?.bytesPerMessage).toBeLessThan(48);
});

describe('over many faults', () => {
  const { figures, sending, work } = results.delivery;

  test.each(CLIENTS)('$name is in the results, with faults that met its connection', ({ name }) => {
    expect(figures[name]?.met).toBeGreaterThan(0);
  });

  test('nothing was lost with atLeastOnce and cursor, and the order was kept', () => {
    expect(figures[WITH_PROOF]).toMatchObject({
      toServer: { lost: 0, outOfOrder: 0 },
      toPage: { lost: 0, twice: 0, outOfOrder: 0 },
      reported: 0,
      forgotten: 0,
    });
    expect(work).toMatchObject({ faults: 200, messages: 10_000 });
  });

  test('without them whatever no socket had taken was reported', () => {
    expect(figures[WITHOUT_PROOF]?.forgotten).toBe(0);
  });

  test('atLeastOnce cost no more than a tenth of the messages out', () => {
    expect(sending.served.ratio).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the herd', () => {
  const [outage] = OUTAGES;
  if (!outage) throw new Error('no outage');

  test.each(POLICIES)('of $name behaves as in the results: npm run bench -- --only herd', (policy) => {
    // Undefined is not in JSON.
    expect(JSON.parse(JSON.stringify(herdFigures(outage, policy)))).toEqual(
      results.herd.herds[0]?.figures[policy.name],
    );
  });

  test('is of all that reconnect', () => {
    const names = POLICIES.map(({ name }) => name.replace(/,.*/, ''));
    expect(new Set(names)).toEqual(new Set(CONTESTANTS.slice(0, -1).map(({ name }) => name)));
  });

  /** What 10,000 clients may cost a server that says when it is back. */
  const MOST_ATTEMPTS = 1.5;
  const HIGHEST_PEAK = 394;

  test('that is told when its server is back comes in 1.5 attempts for each client at most, and never 394 within 100 ms', () => {
    const told = POLICIES.find(({ name }) => name === TOLD);
    if (!told) throw new Error('no herd is told');
    for (let seed = 0; seed < 20; seed += 1) {
      const { attemptsPerClient, peak } = simulateHerd(outage, told, seed);
      expect(attemptsPerClient).toBeLessThanOrEqual(MOST_ATTEMPTS);
      expect(peak).toBeLessThanOrEqual(HIGHEST_PEAK);
    }
  });

  test('that is told so did the same with real clients, and came no closer together than one that is told nothing', () => {
    const { [TOLD]: told, [OURS]: untold } = results.herd.check.figures;
    expect(told?.real.attemptsPerClient).toBeLessThanOrEqual(MOST_ATTEMPTS);
    expect(told?.real.peak).toBeLessThanOrEqual(Math.min(HIGHEST_PEAK, untold?.real.peak as number));
  });

  test.each([
    ['@vueuse/core/dist/index.js', `delay = ${USE_WEB_SOCKET_DELAY / 1_000}e3, onFailed`],
    ['websocket-heartbeat-js/lib/index.js', `reconnectTimeout = ${HEARTBEAT_JS_DELAY},`],
  ])('has the delay that stands in %s', (file, delay) => {
    expect(read(`node_modules/${file}`)).toContain(delay);
  });

  test('comes back no sooner than the server takes it', () => {
    const eager = simulate({ ...outage, latencyMs: { least: 0, most: 0 } }, () => 100, createChance(1));
    expect(eager.all).toBeCloseTo(outage.clients / outage.perSecond, 1);
    expect(eager.back.at(-1)).toBe(outage.clients);
  });

  test('that asks once, in turns, at the right time, asks once', () => {
    const perfect = simulate(
      { ...outage, latencyMs: { least: 0, most: 0 } },
      (client) => outage.downMs + 100 + client,
      createChance(1),
    );
    expect(perfect).toMatchObject({ attemptsPerClient: 1, peak: outage.perSecond / 10 });
  });
});
