// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
/** Bugs in what happens to messages: `inbound.ts`, `outbound.ts`, `outbox.ts`. */
import { drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

export const MESSAGES: readonly Bug[] = [
  ['what a message leads to has the cause of its sign of life', 'receive', drop("engine.cause = 'message'")],
  ['a message that waits has the cause of the command', 'outbound/keep', drop("engine.cause = 'send'")],
  ['what could not be read reaches onMessage', 'appValue', put('value = UNREADABLE', 'value = undefined')],
  ['what could not be read is not reported', 'appValue', drop("report($, 'serializer', $)")],
  [
    'a message that could not be read is not told of',
    'appValue',
    put("emit($, 'received', ...$rest)", 'failure || $0'),
  ],
  ['when the last message came is not known', 'appValue', drop('lastMessageAt = $')],
  [
    'what is sent after close() in a callback is emptied by it',
    'sendOrKeep',
    put('queue.command(() => keep(...$rest))', 'keep($rest)'),
  ],
  ['what is sent after close() in a callback goes out', 'sendOrKeep', put('!$waits && isNext($e)', 'isNext($e)')],
  ['what is kept in a callback goes to another url', 'sendOrKeep', put('currentUrl($)', "''")],
  [
    'a message overtakes one that waits for a command',
    'sendOrKeep',
    put('queue.command($task)', 'queue.enqueue($task)'),
  ],
  ['a message that must not be buffered is kept', 'sendOrKeep', drop('if (!goesNow && !$useBuffer) return false')],
  ['a message that is kept is not told of', 'keep', put("emit($, 'buffered', ...$rest)", 'undefined')],
  ['a message without room is told as buffered', 'keep', put('keepMessage(...$rest)', '$0, true')],
  ['what is sent after leaving is lost without a word', 'outbound/keep', drop('lose(...$rest)')],
  ['the url of an app that has left is read', 'currentUrl', put("phase === 'left'", 'false')],
  ['CLOSING counts as open', 'isReady', put('!($ > 1)', 'true')],
  ['own messages do not put the heartbeat off', 'write', drop('sentAt = $')],
  ['a message that the socket refused counts as sent', 'sendNow', put('!write($, $, $)', '($0, false)')],
  ['what is sent is not told of', 'sendNow', drop("emit($, 'sent', $, $, $, $)")],
  [
    'after send() in a callback its event has another cause',
    'outbound/send',
    put('engine.cause = cause', 'engine.cause'),
  ],
  [
    'what cannot be written breaks the app',
    'outbound/send',
    put("report($, 'serializer', $thrown);", 'throw $thrown;'),
  ],
  [
    'the buffer goes out though a callback has closed',
    'flush',
    put('isReady($e) && !queue.isCommanded()', 'isReady($e)'),
  ],
  ['what was kept goes out in the wrong order', 'takeNow', put('remove($, 0, 1)', 'remove(outbox, -1, 1)')],
  ['what one url was to get, the next one gets', 'EFFECTS.address', put('addressMessages(...$rest)', 'undefined')],
  [
    'what is sent for a new url goes with what was kept for the old one',
    'addressMessages',
    put('$url && $url !== $', '$url'),
  ],
  ['what one url was to get goes with the next one', 'addressMessages', put('$url && $url !== $', 'false')],
  ['what waited for a url goes to any later one', 'addressMessages', put('{ ...$message, url }', '$message')],
  ['what was kept for another url vanishes', 'addressMessages', drop('drop(...$rest)')],
  ['the wrong message is dropped', 'keepMessage', put("overflow === 'drop-oldest'", "overflow !== 'drop-oldest'")],
  ['a message without room is called buffered', 'keepMessage', put('!lost.includes($)', 'true')],
  ['one message more than the limit is kept', 'keepMessage', put('$kept > limit', '$kept > limit + 1')],
  ['a message without room vanishes', 'keepMessage', drop("drop($, $, 'overflow')")],
  ['bytes that are kept change with those of the app', 'sendOrKeep', put('copyOf($data)', '$data')],
  ['onDropped gets what would have gone over the wire', 'sendOrKeep', put('value: $', 'value: data')],
  ['dropped messages go unreported', 'emptyOutbox', put('drop($, $kept, $)', '$kept')],
  ['undefined goes out as text', 'serializer/json.write', put('if ($) return $text', 'return `${$text}`;')],
];
