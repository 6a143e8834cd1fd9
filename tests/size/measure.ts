/**
 * What an app pays for `import { useHeartbeatSocket }`: bundled from dist, minified, brotli, everything but vue counted.
 * Beside it, VueUse's `useWebSocket` measured the same way, what each of our files weighs alone, and what each feature that is a value
 * of its own costs on top.
 */
import { type Imports, meanBytes, measureSize } from './bundle-size.ts';

/** Bytes. Raise it only with a reason in the commit. */
const BUDGET = 15_100;

const MAIN = './dist/index.js';
const PRESETS = './dist/heartbeats.js';

/** What an app imports beside `useHeartbeatSocket` if it wants it: from the main entry, and from the one for tabs. */
const FEATURES: readonly { main?: string; tabs?: string }[] = [
  { main: 'backoff, retryAfter' },
  { main: 'json' },
  { main: 'useMessageHandlers' },
  { main: 'useRequests' },
  { main: 'useSubscriptions' },
  { main: 'atLeastOnce' },
  { main: 'atLeastOnce, inSessionStorage' },
  { main: 'atLeastOnce, deliver' },
  { main: 'defineHeartbeatSocket' },
  { tabs: 'tabs' },
  { tabs: 'tabs, useIsLeader' },
  { main: 'atLeastOnce', tabs: 'tabs' },
];

const importsOf = ({ main, tabs }: (typeof FEATURES)[number]): Imports => ({
  [MAIN]: `{ ${['useHeartbeatSocket', main].filter(Boolean).join(', ')} }`,
  ...(tabs && { './dist/tabs.js': `{ ${tabs} }` }),
});

/** What a preset may cost (B). Two of those that cost more read a stream of bytes; Discord's does not parse long dispatches for their number. */
const PRESET_BUDGET = 300;
const BUDGETS: Readonly<Record<string, number>> = { nats: 760, mqtt: 900, discord: 325 };

/** What a preset costs on top. */
async function measurePreset(preset: string): Promise<number> {
  const both = await measureSize({ ...importsOf({}), [PRESETS]: `{ ${preset} }` });
  return Math.round((await meanBytes(both)) - oursOnAverage);
}

const ours = await measureSize(importsOf({}));
const oursOnAverage = await meanBytes(ours);
const theirs = await measureSize({ '@vueuse/core': '{ useWebSocket }' });

console.log('minified bytes by file, before compression');
for (const [path, bytes] of [...ours.files].sort(([, a], [, b]) => b - a)) {
  if (bytes) console.log(`${String(bytes).padStart(6)}  ${path}`);
}
console.log(`useHeartbeatSocket  ${ours.bytes} B minified + brotli (budget ${BUDGET} B)`);
console.log(`useWebSocket        ${theirs.bytes} B, measured the same way`);
for (const feature of FEATURES) {
  const { bytes } = await measureSize(importsOf(feature));
  const name = [feature.main, feature.tabs].filter(Boolean).join(', ');
  console.log(`${name.padEnd(30)}  ${bytes - ours.bytes} B on top`);
}
const tooLarge = ours.bytes > BUDGET ? [`useHeartbeatSocket by ${ours.bytes - BUDGET} B`] : [];
for (const preset of Object.keys(await import(new URL(`../../${PRESETS}`, import.meta.url).href))) {
  const bytes = await measurePreset(preset);
  const budget = BUDGETS[preset] ?? PRESET_BUDGET;
  console.log(`${preset.padEnd(30)}  ${bytes} B on top (budget ${budget} B)`);
  if (bytes > budget) tooLarge.push(`${preset} by ${bytes - budget} B`);
}
if (tooLarge.length) {
  console.error(`over the budget: ${tooLarge.join(', ')}`);
  process.exitCode = 1;
}
