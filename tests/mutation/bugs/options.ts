/** Bugs in the options and in small helpers: `options.ts`, `check-options.ts`, `mask-url.ts`. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const OPTIONS: readonly Bug[] = [
  ['autoReconnect: false retries', 'resolveOptions', put('$ === false ? 0 : $own', '$own')],
  ['heartbeat: false beats', 'resolveOptions', put('beats: $', 'beats: true')],
  ['with a scheduler two clocks beat', 'resolveOptions', put('$on && !scheduler', '$on')],
  ['a binary heartbeat is not seen', 'resolveOptions', put('binary: $', 'binary: false')],
  ["serializer: 'json' sends raw", 'resolveOptions', put("$ === 'json' ? json : $other", '$other')],
  ['an option given as undefined hides its default', 'flattenOptions', put('$ === undefined', 'false')],
  ['production takes any number', 'isUsable', put('Number.isFinite($) && $', 'true')],
  ['an option beside its group is taken', 'checkOptions', put('!$group || $', 'true')],
  ['an option of nonsense is taken', 'checkOptions', put('if ($ === undefined) continue', 'continue;')],
  ['NaN is a number of ms', 'check', put("typeof $ === 'number' && $", "typeof value === 'number'")],
  ['a url is printed with its path', 'maskUrl', put('$url.replace($a, $b).replace($, $)', '$url.replace($a, $b)')],
  [
    'in production a closeAfter of nonsense closes hidden pages at once',
    'resolveOptions',
    put('isUsable(closeAfter, 0) ? closeAfter : $', 'closeAfter'),
  ],
  ['whenHidden is ignored', 'resolveOptions', put('closeAfter: $', 'closeAfter: Infinity')],
  [
    'a ref of interval is read once',
    'resolveOptions',
    put('() => usable(name, read($v))', '((now) => () => now)(usable(name, read($v)) as number)'),
  ],
  [
    'a ref of interval that holds nonsense is used in production',
    'resolveOptions',
    put('usable(name, read($v))', 'read($v)'),
  ],
  [
    'a ref of message is read once',
    'resolveOptions',
    put('message: () => read($m)', 'message: ((now) => () => now)(read($m))'),
  ],
  [
    'a ref of responseMessage is compared as a ref',
    'resolveOptions',
    put('(): unknown => read(responseMessage)', '(): unknown => responseMessage'),
  ],
  [
    'a binary answer to a heartbeat of text is not seen',
    'resolveOptions',
    put('isBinary(answer ?? $)', 'isBinary(plainMessage)'),
  ],
  [
    "a serializer of the app's own is ignored",
    'resolveOptions',
    put("typeof serializer === 'object' ? $ : raw", 'raw'),
  ],
  [
    'production takes a function for a number',
    'isUsable',
    put("or && typeof value === 'function'", "typeof value === 'function'"),
  ],
  ['in production retries as a function is ignored', 'isUsable', drop("or && typeof value === 'function'")],
  ['production takes any word', 'isUsable', put('!Array.isArray(rule) || $', 'true')],
  ['production takes numbers that are too small', 'isUsable', put('$finite && $ >= rule', '$finite')],
  ['null in place of an option hides its default', 'resolveOptions', put('value ?? usual', 'value')],
  ['the options of the buffer are ignored', 'flattenOptions', drop('...buffer')],
  [
    'a function stands for any number',
    'check',
    put("!!or && typeof value === 'function'", "typeof value === 'function'"),
  ],
  ['an infinite timeout is taken', 'check', put('$ < Infinity || $', 'true')],
  ['retries: Infinity is refused', 'check', put('$n < Infinity || $', '$n < Infinity')],
  ['a number that is too small is taken', 'check', put('$is && number >= rule', '$is')],
  ['a ref of interval is refused', 'check', put('$is ? value.value : value', 'value')],
  ['a ref is taken for a number that must not change', 'check', put("or === 'source' && $ && $in", '$in')],
  ['the error calls bytes ms', 'check', put("UNITS[name] ?? 'ms'", "'ms'")],
  [
    'the error does not say that a function is possible',
    'check',
    put("or === 'function' ? $ : $sentence", '$sentence'),
  ],
  ['a closeAfter below 0 is taken', 'RULES.whenHidden', put('$ >= 0', 'true')],
  ['a serializer that cannot write is taken', 'RULES.serializer', drop("'write' in value")],
  ['null is taken for an object', 'isObject', drop('value !== null')],
  ['a list of close codes may be one code', 'RULES.closeCodes', put('Array.isArray(value)', 'true')],
  [
    'the error shows a text as if it were a number',
    'checkOptions',
    put("typeof value === 'string' ? $ : $plain", '$plain'),
  ],
  ['the error does not name the group of an option', 'checkOptions', put("group ? $ : ''", "''")],
];
