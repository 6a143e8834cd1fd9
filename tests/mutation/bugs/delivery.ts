/** Bugs in proof of delivery: `at-least-once.ts`, `stored-messages.ts`, and what `outbox.ts`, `outbound.ts` and the machine do for it. */
import { both, drop, put } from '../patch.ts';
import type { Bug } from '../seed.ts';

const PROOF: readonly Bug[] = [
  ['a second heartbeat takes the place of the mark', 'byBeats.beat', put('proof.mark || $none', '$none')],
  ['each heartbeat is a mark, though nothing waits for proof', 'byBeats.beat', drop('proof.firstAt === undefined')],
  ['the answer to an earlier heartbeat proves', 'byBeats.beat', put('proof.underWay + $unsure', '1 + $unsure')],
  [
    'after an answer that came twice, the answer to an earlier heartbeat proves',
    'byBeats.beat',
    put('$underWay + proof.unsure', '$underWay'),
  ],
  ['a mark proves what is sent after it', 'byBeats.answered', put('mark.upTo', 'engine.outbox.taken!')],
  ['a mark proves all but the last message before it', 'byBeats.answered', put('mark.upTo', 'mark.upTo - 1')],
  ['what a mark was sent for is asked for again and again', 'byBeats.beat', drop('proof.firstAt = undefined')],
  ['an answer proves whatever is under way', 'byBeats.answered', put('$answers <= 0', 'true')],
  ['a mark that was answered stays', 'byBeats.answered', drop('proof.mark = undefined')],
  ['an answer that comes twice proves twice', 'byBeats.answered', put('$since < TWICE', 'false')],
  ['each answer counts as one that came twice', 'byBeats.answered', put('$since < TWICE', 'true')],
  ['an answer that comes twice settles a heartbeat for good', 'byBeats.answered', drop('proof.unsure += settled')],
  ['when an answer came is forgotten', 'byBeats.answered', drop('proof.answeredAt = now')],
  [
    'what was sent after the mark waits for a heartbeat of the usual interval',
    'byBeats.answered',
    put('$needs ? $a : $b', '$needs && $a'),
  ],
  [
    'a mark behind a heartbeat that was never answered waits for the usual interval',
    'byBeats.answered',
    put('$needs ? $a : $b', '!$needs && $b'),
  ],
  ['a heartbeat that was never answered slows each proof', 'byBeats.beat', put('$l.filter($)', '$l')],
  ['answers in a row slow each proof', 'byBeats.beat', drop('if ($ >= PATIENCE) $')],
  [
    'what goes out at once is paced',
    'sendToProve',
    put('takeNow($o)', '(($o.paceAt = message.at + 100_000), takeNow($o))'),
  ],
  ['nobody asks for proof', 'byBeats.handedOver', drop('askForProof(...$rest)')],
  ['each message puts the proof off', 'byBeats.handedOver', put('proof.firstAt ??= $now', 'proof.firstAt = $now')],
  ['a burst waits for ackWithin', 'byBeats.handedOver', put('$first || isFull', '$first')],
  ['what is proven takes what was sent later with it', 'isProvenBy', put('Number($) <= upTo', 'true')],
  [
    'any sign of life proves',
    'receive',
    put('alive(...$rest);', '{ alive($rest); engine.delivery.answered?.(engine, attempt, now); }'),
  ],
  ['a heartbeat is never told to the proof', 'socket-writer/sendBeat', drop('delivery.beat($, $, $)')],
  ['an answer is never told to the proof', 'controlFrame', drop('delivery.answered($, $, $, $)')],
];

const REFUSED: readonly Bug[] = [
  ['a message that is too big goes again for ever', 'findRefused', put('if (refused) $return', '')],
  [
    'the first of several messages is dropped for one that is too big',
    'findRefused',
    put('if (refused) $return', '$return'),
  ],
  ['any close code is about a message', 'findRefused', drop('if ($ && $) return $')],
  ['a heartbeat that the server does not take costs a message', 'findRefused', drop('!beats.underWay.length')],
  ['what the server has read may be what it refused', 'findRefused', put('Number($n) > read', 'true')],
  ['no message is suspected', 'findRefused', drop('message.isSuspect = true')],
  ['suspected messages go out together', 'holdsBack', put('countUnread($) > 0 && $', 'false')],
  ['the last that is suspected has company', 'holdsBack', drop('messages[sent - 1].isSuspect')],
  ['a suspected message goes out beside the login', 'holdsBack', drop('messages[sent].isSuspect')],
  ['what was read is not noted', 'prove', drop('outbox.read = $')],
  ['what another socket has read counts', 'takeBack', drop('outbox.read = 0')],
  ['a message that was refused is said to be unproven', 'createAtLeastOnce.ended', drop('wasSent: false')],
  [
    'a server that seldom says what it has read is waited for without end',
    'waitUntilRead',
    put('holdsBack($) ? $at : NEVER', 'NEVER'),
  ],
  ['what goes out alone has no time', 'readByNow', drop('if ($ < $) return')],
];

const PROVEN: readonly Bug[] = [
  ['a question ends with its proof', 'isProvenBy', drop('!isRequest')],
  ['who waits for a delivery waits for ever', 'prove', drop('settled()')],
  ['a delivery is told twice', 'prove', put("emit($, 'delivered', $)", '$0, $0')],
  ['a delivery is not told', 'prove', drop("emit($, 'delivered', $)")],
  ['pending still shows what is delivered', 'prove', drop('viewChanged()')],
  ['deliveries are told newest first', 'prove', put('proven.push($m)', 'proven.unshift($m)')],
  ['a drain does not end with the last proof', 'prove', drop('tellDrained($)')],
  ['half of a buffer that waits for proof waits for ackWithin', 'askForProof', put('$ ? 0 : $within', '$within')],
  ['a heartbeat for proof goes out right after an answer', 'askForProof', put('Math.max($first, $)', '$first')],
  ['the timer is not armed for the proof', 'askForProof', drop('raise($, $)')],
  ['the timer knows nothing of the proof', 'createStep', put('isAlive($) ? proveAt : $', 'NEVER')],
  ['a heartbeat asks for proof though nothing waits', 'byBeats.due', put('if (isOpen) $raise', '$raise')],
  ['a heartbeat for proof goes out before it is due', 'byBeats.due', drop('if (now() < proveAt) return')],
  ['heartbeats for proof go out without a pause', 'byBeats.due', drop('engine.proveAt = $at')],
  ['who waits behind what is not kept any more waits on', 'isAwaited', put('!!outbox.isHeld', 'false')],
  ['a heartbeat for proof is sent once alone', 'byBeats.beat', put('isAwaited($) ? $at : NEVER', 'NEVER')],
  ['a heartbeat for proof is never due', 'createAtLeastOnce.stepped', drop("if (name === 'deadline') $")],
];

const ACKNOWLEDGED: readonly Bug[] = [
  ['what the server says of what it has read is not looked at', 'appValue', drop('received($, value)')],
  ['a half is a count', 'byAck', put('Number.isInteger($)', "typeof given === 'number'")],
  ['what has to be sent again is proven by its id', 'byAck', drop('at < sent')],
  ['a count that is no number is ignored', 'byAck', put('throw $;', 'return undefined;')],
  ['a message that says nothing of what was read is an error', 'byAck', drop('if (given === undefined) return $')],
];

const AGAIN: readonly Bug[] = [
  ['messages are counted over all sockets', 'takeBack', drop('outbox.taken = 0')],
  [
    'a login goes again on the next connection',
    'createAtLeastOnce.ended',
    put('(message) => message.isForOne && $other', '() => false'),
  ],
  ['a login that may be lost is not reported', 'createAtLeastOnce.ended', put('return lost', 'return [];')],
  ['a login that is lost stays in the buffer', 'takeBack', drop('remove(...$rest)')],
  ['what is proven counts as taken for ever', 'outbox/remove', put('outbox.sent -= $', 'outbox.sent -= 0')],
  [
    'what waits counts as taken when it is dropped',
    'outbox/remove',
    put('Math.max(0, Math.min(length, $))', 'removed.length'),
  ],
  ['what a socket has taken is taken again', 'takeNow', drop('outbox.sent = $')],
  ['what was handed over and is lost is said to be in hand', 'outlet/lose', put("wasSent ? 'unproven' : $r", '$r')],
  ['that a socket took a message is forgotten', 'noteSent', put('$m.wasSent = true', '$m.wasSent = false')],
  ['who waits for a delivery does not hear of a loss', 'outlet/lose', drop('settled($)')],
  [
    'a login is sent in place of what waits',
    'sendToProve',
    put('insert($o, outbox.sent, $m)', 'insert($o, $o.messages.length, $m)'),
  ],
  ['a login drops what waits', 'sendToProve', put('countUnsent($)', '0')],
  ['a login of onConnected is no login', 'sendOrKeep', put('$now && !(useBuffer && $flushed)', '$now && !useBuffer')],
  ['what is not to be buffered goes again', 'sendOrKeep', put('$now && !(useBuffer && $flushed)', '$now && !$flushed')],
  [
    'a full buffer tells of a loss before the new message goes out',
    'keepMessage',
    both(drop('if (isKept) whenKept()'), put('return isKept', 'if (isKept) whenKept?.(); return isKept')),
  ],
  [
    'what the socket refused is still in hand when onError is called',
    'guard',
    put('undo()', 'Promise.resolve().then(undo)'),
  ],
  [
    'what no socket has taken is said to be unproven when it is refused',
    'flush',
    put('lose($e, message, $r)', 'lose($e, { ...message, wasSent: true }, $r)'),
  ],
  ['what the socket refused goes again', 'sendToProve', put('forget($, $)', 'undefined')],
  ['what the socket refused at the flush goes again', 'flush', put('delivery.refused($, $)', 'undefined')],
  ['pending does not show what was sent', 'sendToProve', drop('viewChanged()')],
];

const DRAIN: readonly Bug[] = [
  ['a connection that fails while it drains is never closed', 'afterLoss', put('closeAt < NEVER', 'false')],
  ['one that failed is not heard when the page is left', 'createStep', put('isActive($n) || $', 'isActive($n)')],
  ['close({ drain }) closes at once', 'on.drain', put('kept && $', 'false')],
  ['close({ drain }) waits though nobody connects', 'on.drain', drop('isActive($)')],
  ['a second drain puts the end off', 'on.drain', put('Math.min($, until)', 'until')],
  ['a drain is never told that all is proven', 'tellDrained', put('!length', 'false')],
  ['what is handed over closes a connection that nobody drains', 'tellDrained', put('closeAt < NEVER', 'true')],
  ['a drain never ends', 'onDeadline', drop('if (now >= closeAt) return $')],
  ['no timer is armed for the end of a drain', 'dueAt', put('Math.min($a, $b, closeAt)', 'Math.min($a, $b)')],
  ['open() does not end a drain', 'attemptAsked', drop('closeAt: NEVER')],
  ['a connection that was drained is closed again', 'next-state/rest', drop('closeAt: NEVER')],
  ['a new url ends no drain on a page that was left', 'onUrl', drop('closeAt: NEVER')],
  [
    'open() ends no drain on a prerendered page',
    'next-state/attempt',
    put("putAway($s, 'prerendering', ...$rest)", "putAway({ ...$s, closeAt: state.closeAt }, 'prerendering', $rest)"),
  ],
  ['a drain is forgotten when the page is left', 'putAway', drop('closeAt: $')],
  [
    'a drain is forgotten with the next state',
    'next-state/known',
    put('state[name]', "name === 'closeAt' ? NEVER : $0"),
  ],
  ['what is sent during a drain goes out', 'isNext', drop('closeAt === NEVER')],
  ['what is sent during a drain waits', 'outbound/keep', put('$closed || closeAt < NEVER', '$closed')],
  ['a drain does not end with the last message that is handed over', 'flush', drop('tellDrained($)')],
];

const STORED: readonly Bug[] = [
  ['a Blob is stored as text', 'createPageStore.check', put("kind === 'Blob' || $file", '$file')],
  ['a File is stored as text', 'createPageStore.check', put("$blob || kind === 'File'", '$blob')],
  ['a question goes to the next page', 'createPageStore.leavePage', put('$url || isRequest', '$url')],
  ['a message without a url is stored', 'createPageStore.leavePage', drop('!url')],
  [
    'what the storage refuses counts as stored',
    'createPageStore.leavePage',
    put('if (!guard($e, put, $c)) return', 'guard($e, put, $c)'),
  ],
  [
    'what close({ drain }) waits for goes to the next page',
    'createPageStore.leavePage',
    put('$a || closeAt < NEVER', '$a'),
  ],
  ['what the storage throws breaks the page', 'createPageStore.leavePage', put('guard($, $run, $)', '($run)()')],
  ['nothing is put into the storage', 'createPageStore.leavePage', drop('storage.put($)')],
  ['bytes are stored as text', 'createPageStore.leavePage', put('storable(data)', 'String(data)')],
  ['two messages of the same moment are one', 'nextId', put('lastId += 1', 'lastId += 0')],
  ['messages of another connection of this page are taken', 'createPageStore.address', put('!has(id)', 'true')],
  ['messages of another connection of this page vanish', 'takeOf', put('others.length', '0')],
  ['what another page has taken vanishes', 'createPageStore.comeBack', drop('lose(...$rest)')],
  ['what another page has taken goes out from here as well', 'createPageStore.comeBack', drop('remove(...$rest)')],
  ['what this page still has is said to be lost', 'createPageStore.comeBack', put('$a || has(id) || $b', '$a || $b')],
  [
    'a page that is left twice leaves each message twice',
    'createPageStore.stepped',
    put("name === 'pagehide' || $lives", '$lives'),
  ],
  ['what goes out from here stays in the storage', 'createPageStore.stepped', drop('if ($ || includes(name)) $')],
  [
    'what was stored goes after what is newer',
    'createPageStore.address',
    put('insert($o, 0, ...$rest)', 'insert($o, $o.messages.length, $rest)'),
  ],
  ['what take refuses is lost', 'createPageStore.comeBack', put('!taken || $a', '$a')],
  ['nonsense in a storage breaks the attempt', 'takeOf', put('$l.filter(isStored)', '$l')],
  [
    'what take throws breaks the attempt',
    'takeOf',
    put('guard($e, () => [...urls].flatMap($f), $)', '[...urls].flatMap($f)'),
  ],
  ['a message is young again after a reload', 'toKept', put('at: $', 'at: now')],
  ['a socket of the page before has not taken anything', 'toKept', drop('wasSent: $')],
  ['what the app never gave is told as delivered', 'toKept', put('readBack($, data)', 'data')],
  [
    'a serializer that cannot read its own text breaks the attempt',
    'readBack',
    put('return data', 'throw new Error();'),
  ],
  ['what the page before has left is not taken', 'EFFECTS.address', drop('delivery.address($, $)')],
  ['leaving the page stores nothing', 'createAtLeastOnce.stepped', drop('store.stepped($, $)')],
];

export const DELIVERY: readonly Bug[] = [
  ...PROOF,
  ...PROVEN,
  ...REFUSED,
  ...ACKNOWLEDGED,
  ...AGAIN,
  ...DRAIN,
  ...STORED,
];
