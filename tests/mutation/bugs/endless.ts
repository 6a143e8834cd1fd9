/** Bugs in what keeps callbacks from running without end: `command-depth.ts`, the attempts of one task, errors that repeat. */
import { both, drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const ENDLESS: readonly Bug[] = [
  [
    'an onDropped that sends again after close() runs without end',
    'createCommandDepth.deeper',
    both(put('level <= DEEPEST', 'true'), drop('if (level > DEEPEST) return undefined')),
  ],
  ['after five commands all others vanish without a word', 'createCommandDepth.deeper', drop('enter(before)')],
  ['callbacks without end are told of at each command', 'createCommandDepth.deeper', drop('isTold = true')],
  ['callbacks without end are stopped without a word', 'createCommandDepth.deeper', drop('failed($)')],
  ['callbacks without end are told of only the first time', 'createCommandDepth.enter', drop('isTold = false')],
  ['commands are counted for ever', 'createCommandDepth.enter', drop('count = 0')],
  ['many callbacks make millions of commands', 'createCommandDepth.deeper', drop('count <= MOST')],
  ['a message of callbacks without end is in no place', 'createCommandDepth.deeper', drop('refused()')],
  [
    'an app that gives a command when it is told of callbacks without end is told without end',
    'createCommandDepth.deeper',
    drop('if (level > DEEPEST) return undefined'),
  ],
  ['a command that waits for its turn begins a row of its own', 'createTurnQueue.later', drop('depth.enter(level)')],
  ['a row of commands counts for those that follow it', 'createTurnQueue.enqueue', drop('depth.enter(level)')],
  ['a command of a callback that was held back begins a row of its own', 'afterCall', drop('depth.enter(level)')],
  ['what is told after the call counts for the commands that follow', 'tellUntold', drop('depth.enter(level)')],
  [
    'a component cannot leave in callbacks without end',
    'createConnection.leave',
    put("command('leave')", "deeper(() => command('leave'))"),
  ],
  ['open() in each event runs without end', 'createConnection.open', put('deeper($task)', '($task)()')],
  [
    'close() is ignored in callbacks that run without end',
    'createConnection.ending',
    put('deeper($task, $refused)', 'deeper($task)'),
  ],
  ['a new url in each event runs without end', 'createConnection.changeUrl', put('deeper($task)', '($task)()')],
  ['a heartbeat in each event runs without end', 'createConnection.beat', put('deeper($task)', '($task)()')],
  ['send() in each event runs without end', 'createConnection.send', put('deeper($task, $refused)', '($task)()')],
  ['all attempts are made in one task', 'createStep.moment', put('mustYield: $', 'mustYield: false')],
  ['an attempt does not wait for another task', 'next-state/attempt', drop('if (mustYield) $')],
  [
    'an attempt that waits for another task waits as long as the one before it may take',
    'next-state/attempt',
    put('Math.min($deadline, now)', '$deadline'),
  ],
  [
    'a beforeConnect that throws is asked again in the same task',
    'createStep',
    drop("if (name === 'threw' && $ && $) $count"),
  ],
  ['attempts are not counted', 'prepare', drop('attempts += 1')],
  ['attempts of an earlier task count', 'createStep', drop('attempts = 0')],
  ['after an attempt that threw no timer counts anew', 'createStep', put('mustYield($) && $ ? $ : $due', '$due')],
  [
    'a timer is left behind by an attempt that threw',
    'createStep',
    put("$yields && phase !== 'left' ? $now : $due", '$yields ? $now : $due'),
  ],
  ['who watches error, and sends what cannot be sent, runs without end', 'report', drop('error.message === message')],
];
