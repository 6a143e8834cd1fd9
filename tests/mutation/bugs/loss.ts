/** Bugs in what is made of a loss, and of a link that is busy or closing: `loss.ts`, `open-link.ts`. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const LOSS: readonly Bug[] = [
  ['a server that refuses each fresh token is asked without end', 'isForgiven', drop('forgiven')],
  ['after 4401 no fresh token is tried', 'isForgiven', put('WHO.includes($) ? $renews : $policy', '$policy')],
  [
    '4401 is tried again where nothing fetches a token',
    'isForgiven',
    put('WHO.includes($code) ? $renews : $policy', 'WHO.includes($code) || $policy'),
  ],
  ['any final code is tried again after a sleep', 'isForgiven', put('$code === POLICY && $away', '$away')],
  ['1008 is tried again though nothing was away', 'isForgiven', put('$code === POLICY && $away', '$code === POLICY')],
  [
    'a server that noticed a silence ends the connection for good with 1008',
    'isForgiven',
    put("lastEnd.reason === 'silence' || $wake", '$wake'),
  ],
  [
    'a server that noticed a sleep ends the connection for good with 1008',
    'isForgiven',
    put('$silence || $since <= HINT_WINDOW', '$silence'),
  ],
  [
    'a 4401 that is not final here uses up the attempt that a 4403 is owed',
    'isForgiven',
    drop('!finalCodes.includes($)'),
  ],
  ['a silence long ago excuses a 1008 of today', 'loss/loss', drop('lastEnd: undefined')],
  [
    'with stableAfter: 0 a server that closes at once after a wake is tried without a pause',
    'loss/loss',
    drop('wakeLosses: $'),
  ],
  ['retries and delay are not told what was thrown', 'planRetry', put('$same ? how : $', 'how')],
  [
    'a code that is tried once more ends the connection all the same',
    'planRetry',
    put('isFinal && !isForgiven', 'isFinal'),
  ],
  ['error does not show the close code', 'afterLoss', put("how === 'ended' ? $ : $", 'undefined')],
  ['error shows a close code that no socket has given', 'afterLoss', put("how === 'ended' ? $code : $", '$code')],
  [
    'beforeConnect is not told after open() how the connection gave up',
    'afterLoss',
    put('rest($l, $p, { error, lastEnd })', 'rest($l, $p, { error })'),
  ],
  ['beforeConnect is not told of the close code before a retry', 'afterLoss.next', drop('lastEnd: $')],
  ['each 4401 is answered with one attempt more', 'afterLoss.next', put('forgiven: $', 'forgiven: lost.forgiven')],
  [
    'attempts that Firefox cuts short follow each other until it makes none at all',
    'afterLoss',
    put('Math.max($wait, $slow)', '$wait'),
  ],
  [
    'after any loss the next attempt waits for the time of the last one',
    'afterLoss',
    put('isSlow ? $until : now', '$until'),
  ],
  [
    'an attempt that was refused late in its time doubles the time of the next',
    'afterLoss',
    put('$ >= connectTimeout', 'true'),
  ],
  [
    "the second attempt after a look counts as the server's refusal",
    'afterLoss.next',
    put('wokeAt: $', 'wokeAt: -Infinity'),
  ],
  [
    'a beforeConnect that changes the url runs at once after each pause',
    'afterLoss.next',
    put('restartedForUrl: $', 'restartedForUrl: false'),
  ],
  ['the close code of a server that takes its time is lost', 'reprieve', put('readyState === 2 && $', 'false')],
  ['a socket that never ends its close is waited for without end', 'reprieve', drop('!isClosing')],
  ['a socket that is closing is given no time', 'reprieve', put('$now + CLOSING_TIME', '$now')],
  ['a page that was busy once gets no further grace', 'withSignOfLife', drop('lateTimers: 0')],
  ['a silent server is suspect only when it counts as dead', 'open-link/limits', put('timeout / 2', 'timeout')],
  ['where there is no heartbeat one is sent', 'nextBeatAt', put('!beats', 'false')],
  ["a scheduler's heartbeat has the time of a probe", 'beatNow', put('pongTime($, $m)', '$m.probeTimeout')],
  [
    'with a small stableAfter a server that closes at once after a wake is tried without a pause',
    'onOpenDeadline',
    drop('wakeLosses: $'),
  ],
  ['a greeting counts as an answer', 'wasAnswered', put('$at + GREETING', '$at')],
];
