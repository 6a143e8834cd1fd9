/** Bugs in the options and in small helpers: `options.ts`, `check-options.ts`, `mask-url.ts`. */
import { put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const OPTIONS: readonly Bug[] = [
  ['autoReconnect: false retries', 'resolveOptions', put('$ === false && $', '{}')],
  ['heartbeat: false beats', 'resolveOptions', put('beats: $', 'beats: true')],
  ['with a scheduler two clocks beat', 'resolveOptions', put('!$off || !!$', '!$off')],
  ['a binary heartbeat is not seen', 'resolveOptions', put('binary: $', 'binary: false')],
  ["serializer: 'json' sends raw", 'resolveOptions', put("$ === 'json' ? json : $other", '$other')],
  ['an option given as undefined hides its default', 'flattenOptions', put('$ === undefined', 'false')],
  ['production takes any number', 'isUsable', put('Number.isFinite($) && $', 'true')],
  ['an option beside its group is taken', 'checkOptions', put('!$group || $', 'true')],
  ['an option of nonsense is taken', 'checkOptions', put('if ($ === undefined) continue', 'continue;')],
  ['NaN is a number of ms', 'check', put("typeof $ === 'number' && $", "typeof value === 'number'")],
  ['a url is printed with its password', 'maskUrl', put('$url.replace($a, $b).replace($, $)', '$url.replace($a, $b)')],
];
