/** Bugs in what belongs to servers with a heartbeat of their own: `control.ts`, `round-trip.ts`, `heartbeat-options.ts`, `open-link.ts`. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const CONTROL: readonly Bug[] = [
  ["the server's ping is not answered", 'control/reply', drop('write($, $)')],
  [
    "the app sees the server's pings",
    'controlFrame',
    put('if (!said) return $', 'if (!said?.answer) return undefined;'),
  ],
  ["the server's ping is not told of", 'controlFrame', drop("emit($, 'control', $)")],
  ['a reply that makes no sense is sent', 'control/reply', drop('checkData($)')],
  ['a connection that was closed still replies', 'control/reply', drop('if ($commanded) return undefined')],
  ['control is not asked', 'askApp', put('heartbeat.control($)', 'undefined')],
  ['what control throws stops the message', 'controlFrame', drop("report($, 'callback', $)")],
  ['control that gives nonsense loses the message', 'askApp', drop("if (kindOf($) !== 'Object') throw $")],
  ['messages that are no list lose the message', 'askApp', drop('if (!Array.isArray($)) throw $')],
  ['an answer that control knows settles nothing', 'askApp', drop('if (frame.answer) $')],
  ['with control no other answer is known', 'askApp', put('$ && isAnswer(...$rest) ? $ : $none', '$none')],
  [
    'a text like a heartbeat is hidden where the server beats',
    'askApp',
    put("heartbeat.beats === 'client' && $answer", '$answer'),
  ],
  ['figures that the server names in a message are ignored', 'controlFrame', drop('takeFigures($, $)')],
  ['a shorter interval holds only after the next heartbeat', 'controlFrame', drop("step('figures')")],
  [
    'figures that the handshake has named are forgotten',
    'takeFigures',
    put('$never || isFigure(interval) ? $ : $before', 'interval'),
  ],
  ["a server's ping proves life where only an answer does", 'controlFrame', put('answer || $server', 'true')],
  [
    "a server's heartbeat is no sign of life where only an answer is",
    'controlFrame',
    put('answer || $server', 'answer'),
  ],
  ['the messages of a frame do not reach the app', 'receive', put('messages.length', 'false')],
  ['only the first message of a frame reaches the app', 'handOnAll', drop('handOnAll($, $, $, $)')],
  [
    'close() at the first message of a frame is for the next frame',
    'handOnAll',
    put('queue.enqueue($task)', '($task)()'),
  ],
  ['a server that beats is sent heartbeats', 'onTime', put("beats === 'both' && $", 'true')],
  ['a heartbeat that wants no answer waits for one', 'onTime', put('now >= state.heardAt + $', 'true')],
  ['where both sides beat this side sends none', 'nextBeatAt', put("beats === 'both' ? $ : $silence", '$silence')],
  ['a server that beats is probed', 'sendProbe', put("beats === 'server'", 'false')],
  ['a wake ends a server that beats after probeTimeout', 'probeTime', put("beats === 'client' ? $probe : $", '$probe')],
  [
    'a server whose heartbeat is a little late after a wake is cut off',
    'probeTime',
    put('Math.min(probeTimeout, pongTimeout)', '0'),
  ],
  ['a wake makes a server that beats suspect', 'sendProbe', put('limits($m, $t, $)', 'limits($m, $t)')],
  ['the silence of a server that beats is never found', 'nextBeatAt', put('isAwaited ? NEVER : $due', 'NEVER')],
  [
    'the silence of a server that beats is found too soon',
    'nextBeatAt',
    put('isAwaited ? NEVER : $due', 'isAwaited ? NEVER : 0'),
  ],
  ["a user's scheduler beats for the server", 'beatNow', put("beats !== 'client'", '!moment.beats')],
  [
    'a scheduler keeps the silence of a server that beats from being found',
    'heartbeatFrom',
    put("scheduler && beats === 'client'", 'scheduler'),
  ],
  [
    'a server that only beats is taken for one that never answered',
    'wasAnswered',
    put("beats !== 'client' ? $ : $none", '$none'),
  ],
  [
    'delivery waits for answers that a server that beats never gives',
    'checkDelivery',
    put("['server', 'both'].includes($) && $", 'false'),
  ],
  [
    'a heartbeat that counts goes on with the next socket',
    'settingsOf',
    put(
      'options.heartbeatOfSocket()',
      '((options as { once?: ReturnType<NonNullable<typeof options.heartbeatOfSocket>> }).once ??= options.heartbeatOfSocket?.())',
    ),
  ],
  ['the heartbeat of a function is ignored', 'settingsOf', put('own ? $ : options', 'options')],
  ['a heartbeat of nonsense is replaced without a word', 'settingsOf', drop('tellWrong($, $)')],
  [
    'a function that gives false beats',
    'heartbeatOfSocket',
    put('{ ...$, ...$own, scheduler: $ }', '{ ...$own, heartbeat: true }'),
  ],
  ["pongTimeout: 'auto' is the default for good", 'figure', drop("if (own === 'auto' && attempt) $")],
  [
    "what the server has named is nothing beside 'auto'",
    'figure',
    put('if (named) return named', "if (named && own !== 'auto') return named;"),
  ],
  ['a round trip that varies is not waited for', 'expectedWithin', put('4 * deviation', '0')],
  ['a fast network has no patience at all', 'expectedWithin', put('Math.max($, $needed)', '$needed')],
  ['a slow network is waited for without end', 'expectedWithin', put('Math.min($, $needed)', '$needed')],
  ['the first answer counts as an eighth', 'round-trip/measure', put('$first ? latency : $rest', '$rest')],
];
