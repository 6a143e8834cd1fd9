/** Bugs in the application's handshake, and in giving up for good: `handshake.ts`, `attempt.ts`, and what goes with them. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const HANDSHAKE: readonly Bug[] = [
  ['the handshake is never run', 'on.opened', put('!moment.handshake', 'true')],
  [
    'a handshake whose promise settles twice, as a faulty library makes it, opens the connection twice',
    'on.shaken',
    put("stage === 'shaking'", 'true'),
  ],
  [
    'a handshake is given the event in place of its data',
    'createHandshake.receive',
    put('resolve(event.data)', 'resolve(event)'),
  ],
  ['what came before the handshake asked is lost', 'createHandshake.hear', drop('unread.push($)')],
  [
    'what came before the handshake asked is read in the wrong order',
    'createHandshake.receive',
    put('unread.shift()', 'unread.pop()'),
  ],
  [
    'two that wait for messages get them in the wrong order',
    'createHandshake.hear',
    put('waiting.shift()', 'waiting.pop()'),
  ],
  ['a handshake whose attempt is over waits for ever', 'createHandshake.stop', drop('take()')],
  ['a handshake that asks after its attempt is over waits for ever', 'createHandshake.stop', drop('isOver = true')],
  [
    'the console shows an unhandled rejection for a handshake that is over',
    'createHandshake.receive',
    drop('message.catch($)'),
  ],
  [
    'a handshake that gives an interval of 0 makes the page beat without a pause',
    'isFigure',
    put('$ && value >= 1', "typeof value === 'number'"),
  ],
  [
    'a handshake that gives a text for a figure stops the heartbeat',
    'isFigure',
    put('$ && value >= 1', '(value as number) >= 1'),
  ],
  [
    'a handshake that gives pongTimeout: Infinity hides a dead link',
    'takeFigures',
    put('isFigure(pongTimeout)', 'pongTimeout === Infinity || $0'),
  ],
  ['what a handshake has negotiated is ignored', 'shake', put('figuresOf($given)', '({})')],
  ['a handshake that is not async is noticed at connectTimeout', 'callApp', drop('queue.enqueue(take, given)')],
  [
    "a handshake that fails looks as beforeConnect's failure",
    'shake',
    put("callApp($e, $a, 'handshake', ...$rest)", "callApp($e, $a, 'before-connect', $rest)"),
  ],
  ['giveUp() is one more failed attempt', 'callApp', put("threw(reason, 'gave-up')", 'threw(reason)')],
  [
    'error does not show what was handed to giveUp()',
    'callApp',
    put("threw(reason, 'gave-up')", "threw(undefined, 'gave-up')"),
  ],
  [
    'the app gets the messages of its handshake as well',
    'handOn',
    put('handshake.hear(event)', '($0, appValue(engine, attempt, event, now))'),
  ],
  ['the handshake hears nothing', 'handOn', put('handshake.hear(event)', 'undefined')],
  ['no message reaches the handshake', 'receive', put("isAlive($s) || stage === 'shaking'", 'isAlive($s)')],
  ['what the server says right after the handshake is lost', 'EFFECTS.opened', drop('handOnAll(...$rest)')],
  ['a handshake whose socket has ended waits for ever', 'attempt/end', drop('handshake.stop()')],
  [
    'the signal of a handshake aborts when the handshake is done and the connection ends later',
    'EFFECTS.opened',
    drop('aborter: undefined'),
  ],
  ['beforeConnect runs within the call', 'attempt/ask', put('afterCall($, $task)', '($task)()')],
  [
    'beforeConnect runs for an attempt that was replaced within the call',
    'attempt/ask',
    put('id === state.id && $run', '$run'),
  ],
  [
    'beforeConnect is not told how the last connection ended',
    'callBeforeConnect',
    put('lastClose: $', 'lastClose: undefined'),
  ],
  ['beforeConnect is not told the number of its attempt', 'callBeforeConnect', put('number: $', 'number: 1')],
  [
    'beforeConnect is told the time of the last message on the clock of the library',
    'callBeforeConnect',
    put('clock.toEpoch($at)', '$at'),
  ],
  ['a socket that closes without an event counts as closed cleanly', 'NO_CLOSE_EVENT', put('code: 1006', 'code: 1000')],
  ['a url that is refused is told to the app within the call', 'dial', put('afterCall($, $task)', '($task)()')],
  ['giveUp() for an old url ends the attempt for the new one', 'on.threw', put('$why && !isOutdated($)', '$why')],
];
