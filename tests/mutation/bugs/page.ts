/** Bugs in what follows what the page tells: `on-page.ts`, and the states on the way to an open connection, in `next-state.ts`. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const PAGE: readonly Bug[] = [
  [
    'a new url connects a component that was closed and then deactivated',
    'onAway',
    put("away === 'deactivated' ? $new : $same", '$same'),
  ],
  [
    'a page that is left after it was hidden for long connects though nobody is back',
    'onAway',
    drop('if ($state.isWanted) return $away'),
  ],
  ['the server is not told why a page has gone', 'onAway', put('abandon(away)', 'abandon()')],
  [
    "the first loss after the page is back counts as the server's, since there was one before",
    'onBack',
    drop('wakeLosses: 0'),
  ],
  [
    'a new url does not connect a closed component that is active again',
    'onActivate',
    put('{ ...$state, away: undefined }', '$state'),
  ],
  ['an attempt has to hang for 20 s before a look starts it afresh', 'STALLED', put('2_000', '20_000')],
  ["a close right after a look at the page counts as the server's", 'onWake', put('wokeAt: $', 'wokeAt: state.wokeAt')],
  [
    "the first attempt after a look knows nothing of the look, so its refusal counts as the server's",
    'attemptAnew',
    put('attempt(state, moment, changes)', 'attempt(state, moment)'),
  ],
  [
    'the log does not say that an attempt was given up since the network is back',
    'onWake',
    put("abandon('online', $)", "abandon('', 1006)"),
  ],
  ['a page that was offline and is hidden is never closed for it', 'onOffline', put('phase: $', '$0, hideAt: NEVER')],
  [
    'an attempt that the network cuts short forgets that the page just woke',
    'onOffline',
    put('phase: $', '$0, wokeAt: -NEVER'),
  ],
  [
    "another network makes each later refusal local, so that clients of a server that is down don't spread",
    'onNetworkChange',
    put('attemptAnew($s, $m, {}, $r)', 'attemptAnew($s, $m, { wokeAt: $m.now, wakeLosses: 0 }, $r)'),
  ],
  ['another network connects what was closed', 'onNetworkChange', put('isResting($)', 'false')],
  ['a page that is hidden loses its connection at once', 'onHidden', put('now + closeAfter', 'moment.now')],
  ['a hidden page closes what is closed, again and again', 'onHidden', put('isResting($)', 'false')],
  [
    'a hidden page whose messages had to wait once is never closed',
    'onHiddenForLong',
    put('moment.now + PENDING_CHECK', 'NEVER'),
  ],
  [
    'a page that is visible without an event is looked at again and again',
    'onHiddenForLong',
    put('if (moment.visible) return $', 'if (moment.visible) return [state];'),
  ],
  ['what the page has put away never comes back', 'putAway', put('isWanted: true', 'isWanted: false')],
  [
    'a new url that a prerendered page is given is forgotten',
    'next-state/attempt',
    put("putAway($s, 'prerendering', ...$rest)", "putAway(state, 'prerendering', $rest)"),
  ],
  [
    'a page is asked whether it is visible, and the answer is forgotten when an attempt begins',
    'next-state/attempt',
    put('hideAt: $', 'hideAt: NEVER'),
  ],
  [
    'after open() a url that changes during beforeConnect has to wait as after a failure',
    'attemptAsked',
    put('restartedForUrl: false', 'restartedForUrl: state.restartedForUrl'),
  ],
  ['beforeConnect is told at a new url how the connection to the old one ended', 'UNKNOWN', drop('lastEnd: $')],
  ['a dead link is told to the app as a clean end', 'next-state/abandon', put('code !== 1006', 'true')],
  ['a fresh token is tried once in the life of the page', 'FRESH', drop('forgiven: 0')],
  ['an app that has been offline for long is told a number of failures that only grows', 'FRESH', drop('failures: 0')],
  [
    'beforeConnect is not told how a connection ended that had been open',
    'known',
    put('state[name]', "name === 'lastEnd' ? undefined : $0"),
  ],
  [
    'a server that is slow to answer gets no more time from one connection to the next',
    'known',
    put('state[name]', "name === 'unanswered' ? 0 : $0"),
  ],
  [
    'an attempt that Firefox holds up gets no more time than the one before',
    'known',
    put('state[name]', "name === 'timeouts' ? 0 : $0"),
  ],
  [
    'a server that refuses each fresh token is asked again and again',
    'known',
    put('state[name]', "name === 'forgiven' ? 0 : $0"),
  ],
];
