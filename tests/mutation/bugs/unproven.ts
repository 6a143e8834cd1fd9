/** Bugs in what may be lost with its socket, and in what can be sent at all: `unproven.ts`, `attempt.ts`, `inbound.ts`, `wire-data.ts`. */
import { both, drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const UNPROVEN: readonly Bug[] = [
  ['what is lost with its socket is not named', 'attempt/end', drop("lose($, $, 'unproven')")],
  ['what is handed over is not noted', 'sendNow', drop('delivery.handedOver(...$rest)')],
  ['what a sign of life has proven is named as lost', 'control/alive', drop('delivery.alive($)')],
  ['what the browser still holds counts as arrived', 'unprovenOnly.alive', put('bufferedAmount ?? 0', '0')],
  ['what the browser still holds is counted in messages', 'unprovenOnly.alive', put('left -= $bytes', 'left -= 1')],
  [
    'a sign of life proves the newest message alone',
    'unprovenOnly.alive',
    put('unproven.slice(first)', 'unproven.slice(0, first)'),
  ],
  ['a server without a word makes the list grow for ever', 'noteUnproven', put('$ > 2 * most', 'false')],
  ['a large buffer may lose more than is noted', 'mostUnproven', put('Math.max($, MOST_UNPROVEN)', 'MOST_UNPROVEN')],
  ['a small buffer notes as little', 'mostUnproven', put('Math.max($limit, MOST_UNPROVEN)', '$limit')],
  ['the newest message is forgotten', 'noteUnproven', put('unproven.splice(0, most)', 'attempt.unproven.splice(most)')],
  [
    'onDropped gets text where the app sent an object',
    'noteUnproven',
    put('{ value, bytes: $size }', '{ value: data, bytes: $size }'),
  ],
  [
    'onEvent alone hears nothing of what may be lost',
    'noteUnproven',
    put('!onDropped && !onEvent && !heard', '!onDropped && !heard'),
  ],
  ['on() alone hears nothing of what may be lost', 'noteUnproven', drop('!heard')],
  [
    'onDropped alone hears nothing of what may be lost',
    'noteUnproven',
    put('!onDropped && !onEvent && !heard', '!onEvent && !heard'),
  ],
  [
    'each message that may be lost is named twice',
    'sendNow',
    put('write($e, data, $)', '($e.delivery.handedOver($e, $e.attempt as never, data, value), $0)'),
  ],
  [
    'a message that the socket refused is named as one that may be lost',
    'sendNow',
    both(
      drop('delivery.handedOver(...$rest)'),
      put('write($e, data, $)', '($e.delivery.handedOver($e, $e.attempt as never, data, value), $0)'),
    ),
  ],
  ['the server gets [object Object]', 'isSendable', put('return Number.isFinite($) || $', 'return true;')],
  ['bytes cannot be sent', 'isSendable', drop('if (bytes) return $')],
  ['shared memory is sent', 'isSendable', put("kindOf($) === 'ArrayBuffer'", 'true')],
  ['a buffer that was transferred away is sent as nothing', 'isSendable', put('return false', 'return true;')],
  ['NaN is sent', 'isSendable', put('Number.isFinite(data)', "typeof data === 'number'")],
  ['a number cannot be sent', 'isSendable', drop('Number.isFinite(data)')],
  ['a Blob cannot be sent', 'isSendable', drop("'Blob'")],
  ['a File cannot be sent', 'isSendable', drop("'File'")],
  ['what write gives is not looked at', 'outbound/send', drop('checkData($)')],
  ['what the getter of the heartbeat gives is not looked at', 'socket-writer/sendBeat', drop('checkData($)')],
  ['what a handshake sends is not looked at', 'shake.send', drop('checkData($)')],
  [
    'bytes that the app changes after a heartbeat are the answer that counts',
    'socket-writer/sendBeat',
    put('copyOf($bytes)', '$bytes'),
  ],
  [
    'a serializer that answers with a promise reaches the app',
    'appValue',
    put('$is === undefined || $', '$is === undefined'),
  ],
  ['a serializer that answers with nothing reaches the app', 'appValue', put('$ === undefined || $other', '$other')],
  [
    'the error quotes the message that is no JSON',
    'serializer/json.read',
    put('new TypeError($)', 'new TypeError(text)'),
  ],
  ['a promise that is rejected after it is resolved counts twice', 'whenSettled', drop('if (isSettled) return')],
  ['a promise that throws after it is resolved counts twice', 'whenSettled', put('failed(thrown)', 'rejected(thrown)')],
  ['a promise whose then throws waits for ever', 'whenSettled', drop('failed(thrown)')],
  ['a promise that is rejected waits for ever', 'whenSettled', put('promise.then($done, $)', 'promise.then($done)')],
  [
    "a promise of the app's own making is none",
    'isPromise',
    put("typeof $ === 'function'", 'value instanceof Promise'),
  ],
];
