/**
 * What an app pays for `import { useHeartbeatSocket }`: bundled from dist, minified, brotli, everything but vue counted.
 * Beside it, VueUse's `useWebSocket` measured the same way, what each of our files weighs alone, and what each feature that is a value
 * of its own costs on top.
 */
import { type Imports, measureSize } from './bundle-size.ts';

/** Bytes. Raise it only with a reason in the commit. */
const BUDGET = 14_150;

const MAIN = './dist/index.js';

/** What an app imports beside `useHeartbeatSocket` if it wants it: from the main entry, and from the one for tabs. */
const FEATURES: readonly { main?: string; tabs?: string }[] = [
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

const ours = await measureSize(importsOf({}));
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
if (ours.bytes > BUDGET) {
  console.error(`over the budget by ${ours.bytes - BUDGET} B`);
  process.exitCode = 1;
}
