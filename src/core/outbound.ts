/** The one way out for messages of the app: each of them passes here, whether the connection is open or not. */
import { beatSent } from './beats.js';
import { isAlive } from './connection-state.js';
import type { Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { unusable } from './kind-of.js';
import { type Kept, keepMessage, mostUnproven, nextMessageAt, takeMessage } from './outbox.js';
import { drop, emit, guard, report } from './outlet.js';
import { toText } from './url-text.js';
import { copyOf, isSendable, sizeOf } from './wire-data.js';

/** ms until the bytes that the socket still has to send are looked at again: no event tells that they are fewer. */
const PAUSE = 50;

/** ms for which the page hands over messages without a break. */
const SLICE = 50;

/** Whether the socket takes messages. */
const isReady = ({ state, attempt }: Engine): boolean =>
  isAlive(state) && !((attempt?.socket?.readyState as number) > 1);

const bytesLeft = ({ attempt }: Engine): number => attempt?.socket?.bufferedAmount ?? 0;

/** Whether the socket has so much to send that messages are kept. */
const isFull = (engine: Engine): boolean => bytesLeft(engine) > engine.options.highWaterMark;

/** Whether a message goes to the socket at once. What is kept goes first, once the socket has begun to take that. */
const isNext = (engine: Engine): boolean =>
  isReady(engine) && !(engine.attempt?.hasFlushed && engine.outbox.messages.length) && !isFull(engine);

/** The url that the app wants now. Once its scope has ended, nobody is asked any more. */
export const currentUrl = ({ state, options }: Engine): string => (state.phase === 'left' ? '' : toText(options.url()));

/**
 * Looks how many of the bytes are sent that a heartbeat has to wait for. Answers how many those are so far. What is sent later proves
 * nothing: the operating system takes megabytes for a link that is dead.
 */
export function lookAtUpload(engine: Engine): number {
  const { attempt } = engine;
  if (!attempt?.unsentBytes) return attempt?.drained ?? 0;
  const left = bytesLeft(engine);
  attempt.drained += Math.max(0, attempt.unsentBytes - left);
  attempt.unsentBytes = left;
  return attempt.drained;
}

/** Refuses what no socket can send as it is meant. */
export const checkData = (data: unknown): void => {
  if (!isSendable(data)) throw new HeartbeatSocketError('send', unusable(data));
};

/** Hands data to the socket. Undefined: the socket refused it, which was reported. */
const write = (engine: Engine, data: unknown): true | undefined =>
  guard(
    engine,
    () => {
      const { state, attempt, clock } = engine;
      if (isAlive(state)) state.sentAt = clock.now();
      lookAtUpload(engine);
      attempt?.socket?.send(data as never);
      if (attempt?.unsentBytes) attempt.unsentBytes = bytesLeft(engine);
      return true as const;
    },
    'send',
  );

/** Notes what may be lost with the socket, if anybody wants to hear of that. */
function noteUnproven(engine: Engine, data: unknown, value: unknown): void {
  const { attempt, listeners } = engine;
  if (!attempt) return;
  for (const { onDropped, onEvent, heard } of listeners) {
    if (!onDropped && !onEvent && !heard) continue;
    // A text has no fewer bytes than characters. To count them would take long.
    attempt.unproven.push({ value, bytes: typeof data === 'string' ? data.length : sizeOf(data) });
    const most = mostUnproven(engine.options);
    if (attempt.unproven.length > 2 * most) attempt.unproven.splice(0, most);
    return;
  }
}

/** Sends a message of the app. Undefined: the socket refused it. */
const sendNow = (engine: Engine, data: unknown, value: unknown): true | undefined => {
  if (!write(engine, data)) return undefined;
  noteUnproven(engine, data, value);
  emit(engine, 'sent', { data }, undefined, undefined, value);
  return true;
};

/** Keeps a message for the next connection to `url`, or until the socket has room for it. */
function keep(engine: Engine, message: Kept): void {
  const { state, outbox, raise, clock } = engine;
  const { phase, url } = state;
  engine.cause = 'send';
  // A new url connects a closed connection, and the message is for that one.
  if (phase === 'left' || (phase === 'closed' && message.url === url)) drop(engine, message.value, phase);
  else if (keepMessage(outbox, message)) emit(engine, 'buffered', { data: message.data });
  if (engine.attempt?.hasFlushed) raise('kept', { until: clock.now() + PAUSE });
}

function sendOrKeep(engine: Engine, data: unknown, value: unknown, useBuffer: boolean): boolean | undefined {
  const { queue } = engine;
  const isWaiting = queue.isCommanded();
  if (!isWaiting && isNext(engine)) return sendNow(engine, data, value);
  if (!useBuffer) return false;
  // Copied within the call: the app may change the data before a waiting command is done.
  const message = { data: copyOf(data), value, url: currentUrl(engine), at: engine.clock.now() };
  // A waiting command ends the socket, and drops only what was sent before it. What is sent after this message has to wait as well.
  if (isWaiting) queue.command(() => keep(engine, message));
  else keep(engine, message);
  return false;
}

/**
 * Sends a value of the app, or keeps it for the next connection. True: it was handed to an open socket. Undefined: the serializer or the
 * socket refused it, which was reported.
 */
export function send(engine: Engine, value: unknown, useBuffer: boolean): boolean | undefined {
  // Sending is synchronous, so it may happen in the middle of something else.
  const { cause } = engine;
  engine.cause = 'send';
  try {
    const data = engine.options.serializer.write(value as never);
    checkData(data);
    return sendOrKeep(engine, data, value, useBuffer);
  } catch (thrown) {
    report(engine, 'serializer', thrown);
    return undefined;
  } finally {
    engine.cause = cause;
  }
}

/**
 * Hands over what is kept, until the socket has enough to send, or a callback gives a command, which may end the socket. The page goes
 * on with other work after each slice.
 */
export function flush(engine: Engine): void {
  const { outbox, queue, clock, options, raise, attempt } = engine;
  if (!attempt || !isReady(engine)) return;
  attempt.hasFlushed = true;
  const begun = clock.now();
  let now = begun;
  const mayGoOn = (): boolean => isReady(engine) && !queue.isCommanded() && now - begun < SLICE && !isFull(engine);
  while (nextMessageAt(outbox, now) <= now && mayGoOn()) {
    const { data, value } = takeMessage(outbox, now);
    if (!sendNow(engine, data, value)) drop(engine, value, 'refused');
    now = clock.now();
  }
  options.viewChanged();
  const nextAt = nextMessageAt(outbox, now);
  if (nextAt < Infinity) raise('kept', { until: Math.max(nextAt, isFull(engine) ? now + PAUSE : now) }, attempt.id);
}

/** Sends a heartbeat. */
export function sendBeat(engine: Engine): void {
  const { attempt, clock, options, queue, raise } = engine;
  const now = clock.now();
  const isDone = guard(
    engine,
    () => {
      const message = options.message();
      // A socket that is closing takes no heartbeat, and gives no sign of life either.
      if (!attempt || queue.isCommanded() || !isReady(engine)) return true;
      attempt.unsentBytes = bytesLeft(engine);
      checkData(message);
      if (!write(engine, message)) return false;
      beatSent(attempt.beats, copyOf(message), now);
      emit(engine, 'beat', { data: message });
      return true;
    },
    'callback',
  );
  if (!isDone) raise('unsent', undefined, attempt?.id);
}
