/** Bugs in what the app commands for all tabs: `commands.ts`, `draining.ts`, `tab.ts`, `tab-locks.ts`, `shared-connection.ts`. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const TABS_COMMANDS: readonly Bug[] = [
  ['what a tab hears last holds', 'createCommands.hear', put('!isNewer(message, $)', 'false')],
  ['of two commands of one moment each tab keeps its own', 'isNewer', put('$later || $equal', '$later')],
  ['an order that is no number counts', 'isNewer', drop('Number.isFinite(one.order)')],
  ['the second command of a moment is no newer one', 'createCommands.give', put('Math.max($next, epoch())', 'epoch()')],
  ['a tab obeys what was commanded before it was opened', 'createCommands.hear', put('message.order >= since', 'true')],
  [
    'a tab obeys what was commanded before, by a clock that was ahead',
    'createCommands.hear',
    put('isTimely && $order', '$order'),
  ],
  [
    'a page that was away misses what is commanded after the clock is set back',
    'createCommands.away',
    drop('since = $'),
  ],
  ['what a clock that was ahead has seen is newer', 'createCommands.hear', put('!isTimely && $rest', 'false')],
  ['no other tab knows what holds', 'createCommands.hear', drop('newest = message')],
  ['a page that comes back is told nothing', 'createCommands.tell', drop('post($)')],
  ['a page that comes back is told what it knows', 'createCommands.hear', put('newest && isNewer(...$rest)', 'newest')],
  ['a tab that has missed a command does not ask', 'createCommands.hear', put("post({ type: 'hello' })", 'undefined')],
  ['a page that comes back does not say what it knows', 'createTab.post', put('{ ...body, ...$known }', 'body')],
  ['open() does not end a drain of other tabs', 'createSharedConnection', put('$ended || closeAt < NEVER', '$ended')],
  ['open() does not end a drain of its tab', 'createSharedConnection', put('$open && closeAt === NEVER', '$open')],
  ['a leader that drains leaves the others', 'createDraining.wait', put('if (stop) check(); else end();', 'end();')],
  ['a leader that drains waits for no answer', 'createDraining.check', put('clock.now() >= answersAt', 'true')],
  ['a leader that drains waits for nobody', 'createDraining.add', drop('pending.set($, $)')],
  ['a leader that drains waits for tabs that are gone', 'createDraining.add', drop('pending.delete(tab)')],
  ['a drain of the leader has no end', 'createDraining.begin', put('[$check, clock.after(ms, end)]', '[$check]')],
  ['no tab says that it has messages pending', 'createSharedConnection.drain', put('$drains && $', 'false')],
  ['a leader that drains hears nobody', 'createTab.hear', drop('draining.add($)')],
  ['close() waits for a drain', 'createTab.obey', drop('draining.end()')],
  ['a leader that drains and is opened leaves', 'createTab.join', drop('draining.cancel()')],
  ['a leader that closes and is left keeps the lock', 'createLeadLock.keepNoLonger', drop('kept.release()')],
  ['a leader that closes and is frozen keeps the lock', 'createTab', put("signal === 'freeze'", 'false')],
];
