/** Bugs in what is shared among its holders: `registry.ts`. */
import { both, drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const REGISTRY: readonly Bug[] = [
  ['each component that shares a connection opens one of its own', 'createRegistry.hold', drop('entries.get($)')],
  ['a shared connection is made, and nobody finds it again', 'createRegistry.make', drop('entries.set(...$rest)')],
  ['all shared connections are one', 'createRegistry.make', put('entries.set(key, $one)', "entries.set('', $one)")],
  ['a url that joins its own connection makes connections without end', 'createRegistry.make', drop('making.add($)')],
  ['a url that joins its own connection gets no error', 'createRegistry.make', put('making.has($)', 'false')],
  ['after one failure a connection cannot be made any more', 'createRegistry.make', drop('making.delete($)')],
  ['who comes within the linger loses the connection when it is over', 'createRegistry.hold', drop('entry.cancel()')],
  ['nobody is known to hold a connection', 'createRegistry.hold', drop('entry.holders.add($)')],
  [
    'a caller that holds a connection twice has to leave twice',
    'createRegistry.hold',
    put('entry.holders.add($)', 'entry.holders.add(entry.holders.has(holder) ? {} : holder)'),
  ],
  ['the first one who leaves ends the connection of all', 'createRegistry.release', drop('entry.holders.size')],
  ['a connection never ends', 'createRegistry.release', put('!entry.holders.delete($)', 'true')],
  [
    'who never held a connection, or has left before, starts its linger anew',
    'createRegistry.release',
    put('!entry.holders.delete($)', '!entry || (entry.holders.delete(holder), false)'),
  ],
  ['with linger 0 a connection stays until the next task', 'createRegistry.release', put('linger <= 0', 'linger < 0')],
  ['every connection ends at once when nobody holds it', 'createRegistry.release', put('linger <= 0', 'true')],
  ['a linger without end is as long as the longest timer', 'createRegistry.release', put('linger < Infinity', 'true')],
  ['a connection that lingers never ends', 'createRegistry.release', put('linger < Infinity', 'false')],
  [
    'after a hot reload the old connection lingers',
    'createRegistry.release',
    put('linger <= 0', '(entry.shared.linger ?? linger) <= 0'),
  ],
  ['a linger cannot be cancelled', 'createRegistry.release', put('entry.cancel = $after', '$after')],
  [
    'a linger takes twice its time',
    'createRegistry.release',
    put('clock.after(linger, $end)', 'clock.after(2 * linger, $end)'),
  ],
  ['a connection that has ended is given to the next one who asks', 'createRegistry.endOne', drop('entries.delete($)')],
  ['a connection that nobody finds any more stays open', 'createRegistry.endOne', drop('shared.end()')],
  ['an app that has ended leaves the timers of its lingers', 'createRegistry.endOne', drop('cancel()')],
  [
    'what comes while a connection ends is thrown away with it',
    'createRegistry.endOne',
    both(drop('entries.delete($)'), put('shared.end()', '(shared.end(), entries.delete(key))')),
  ],
  [
    'the end of an app ends twice what a callback has ended, and forgets what it holds',
    'createRegistry.end',
    put('entries.get(key) === entry', 'true'),
  ],
  [
    'the end of an app leaves connections that somebody holds',
    'createRegistry.end',
    put('entries.get(key) === entry', 'entry.holders.size === 0'),
  ],
];
