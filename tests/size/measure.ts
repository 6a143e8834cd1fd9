/**
 * What an app pays for `import { useHeartbeatSocket }`: bundled from dist, minified, brotli, everything but vue counted.
 * Beside it, VueUse's `useWebSocket` measured the same way, what each of our files weighs alone, and what each feature that is a value
 * of its own costs on top.
 */
import { measureSize } from './bundle-size.ts';

/** Bytes. Raise it only with a reason in the commit. */
const BUDGET = 14_150;

/** What an app imports beside `useHeartbeatSocket` if it wants it. */
const FEATURES = [
  'json',
  'useMessageHandlers',
  'useRequests',
  'useSubscriptions',
  'atLeastOnce',
  'atLeastOnce, inSessionStorage',
  'atLeastOnce, deliver',
  'defineHeartbeatSocket',
];

const ours = await measureSize('./dist/index.js', '{ useHeartbeatSocket }');
const theirs = await measureSize('@vueuse/core', '{ useWebSocket }');

console.log('minified bytes by file, before compression');
for (const [path, bytes] of [...ours.files].sort(([, a], [, b]) => b - a)) {
  if (bytes) console.log(`${String(bytes).padStart(6)}  ${path}`);
}
console.log(`useHeartbeatSocket  ${ours.bytes} B minified + brotli (budget ${BUDGET} B)`);
console.log(`useWebSocket        ${theirs.bytes} B, measured the same way`);
for (const name of FEATURES) {
  const { bytes } = await measureSize('./dist/index.js', `{ useHeartbeatSocket, ${name} }`);
  console.log(`${name.padEnd(30)}  ${bytes - ours.bytes} B on top`);
}
if (ours.bytes > BUDGET) {
  console.error(`over the budget by ${ours.bytes - BUDGET} B`);
  process.exitCode = 1;
}
