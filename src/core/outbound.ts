/** The one way out for messages of the app: each of them passes here, whether the connection is open or not. */
import { NEVER } from './connection-state.js';
import type { Attempt, Engine } from './engine.js';
import { countUnsent, dropExpired, expiresAt, type Kept, keepMessage, nextMessageAt, takeMessage } from './outbox.js';
import { emit, lose, report } from './outlet.js';
import { bytesLeft, checkData, isReady, write } from './socket-writer.js';
import { toText } from './url-text.js';
import { copyOf } from './wire-data.js';

/** ms until the bytes that the socket still has to send are looked at again: no event tells that they are fewer. */
const PAUSE = 50;

/** ms for which the page hands over messages without a break. */
const SLICE = 50;

/** Whether the socket has so much to send that messages are kept. */
const isFull = (engine: Engine): boolean => bytesLeft(engine) > engine.options.highWaterMark;

/** Whether a message goes to the socket at once. What is kept goes first, once the socket has begun to take that. */
export const isNext = (engine: Engine): boolean =>
  isReady(engine) &&
  engine.state.closeAt === NEVER &&
  !(engine.attempt?.hasFlushed && countUnsent(engine.outbox)) &&
  !isFull(engine);

/** The url that the app wants now. Once its scope has ended, nobody is asked any more. */
export const currentUrl = (engine: Engine): string =>
  engine.state.phase === 'left' ? '' : toText(engine.options.url());

/** Sends a message of the app. Undefined: the socket refused it. `undo` is called before the app is told of that. */
export const sendNow = (engine: Engine, data: unknown, value: unknown, undo?: () => void): true | undefined => {
  if (!write(engine, data, undo)) return undefined;
  engine.delivery.handedOver(engine, engine.attempt as Attempt, data, value);
  emit(engine, 'sent', { data }, undefined, undefined, value);
  return true;
};

/** Keeps a message for the next connection to `url`, or until the socket has room for it. */
export function keep(engine: Engine, message: Kept): void {
  const { state } = engine;
  engine.cause = 'send';
  // A new url connects a closed connection, and the message is for that one.
  const isClosed = (state.phase === 'closed' || state.closeAt < NEVER) && message.url === state.url;
  const tell = (): void => emit(engine, 'buffered', { data: message.data }, undefined, undefined, message.value);
  if (isClosed || state.phase === 'left') lose(engine, message, isClosed ? 'closed' : 'left');
  else keepMessage(engine.outbox, message, tell);
  // An event is needed also where no socket is: with it the connection listens to the page, and the timer knows what may expire.
  if (engine.attempt?.hasFlushed || engine.delivery.hearsPage || expiresAt(engine.outbox) < NEVER) {
    engine.raise('kept', { until: engine.clock.now() + PAUSE });
  }
}

/** More about a message than its value. */
type About = Pick<Kept, 'isRequest' | 'settled'>;

function sendOrKeep(
  engine: Engine,
  data: unknown,
  value: unknown,
  useBuffer: boolean,
  about?: About,
): boolean | undefined {
  const { queue, delivery } = engine;
  const isWaiting = queue.isCommanded();
  const goesNow = !isWaiting && isNext(engine);
  if (goesNow && !delivery.send) return sendNow(engine, data, value);
  if (!goesNow && !useBuffer) return false;
  // What is sent when the connection opens belongs to that connection, as what is not to be kept does.
  const isForOne = goesNow && !(useBuffer && engine.attempt?.hasFlushed);
  // Copied within the call: the app may change the data before a waiting command is done.
  const message = { ...about, data: copyOf(data), value, url: currentUrl(engine), at: engine.clock.now(), isForOne };
  if (goesNow) return delivery.send?.(engine, message);
  // A waiting command ends the socket, and drops only what was sent before it. What is sent after this message has to wait as well.
  if (isWaiting) queue.command(() => keep(engine, message));
  else keep(engine, message);
  return false;
}

/**
 * Sends a value of the app, or keeps it for the next connection. True: it was handed to an open socket. Undefined: the serializer or the
 * socket refused it, which was reported.
 */
export function send(engine: Engine, value: unknown, useBuffer: boolean, about?: About): boolean | undefined {
  // Sending is synchronous, so it may happen in the middle of something else.
  const { cause } = engine;
  engine.cause = 'send';
  try {
    const data = engine.options.serializer.write(value as never);
    checkData(data);
    engine.delivery.check?.(data);
    return sendOrKeep(engine, data, value, useBuffer, about);
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
  const { outbox, clock, attempt } = engine;
  if (!attempt || !isReady(engine)) return;
  attempt.hasFlushed = true;
  const begun = clock.now();
  let now = begun;
  const mayGoOn = (): boolean =>
    isReady(engine) && !engine.queue.isCommanded() && now - begun < SLICE && !isFull(engine);
  while (nextMessageAt(outbox, now) <= now && mayGoOn()) {
    const message = takeMessage(outbox, now);
    const isSent = sendNow(engine, message.data, message.value, () => engine.delivery.refused?.(engine, message));
    if (!isSent) lose(engine, message, 'refused');
    now = clock.now();
  }
  engine.options.viewChanged();
  const nextAt = nextMessageAt(outbox, now);
  if (nextAt < Infinity)
    engine.raise('kept', { until: Math.max(nextAt, isFull(engine) ? now + PAUSE : now) }, attempt.id);
  tellDrained(engine);
}

/** Drops what has been kept for too long. */
export function expire(engine: Engine, now: number): void {
  dropExpired(engine.outbox, now);
  tellDrained(engine);
}

/** `close({ drain })` waits until nothing is left that has to go out or to be proven. */
export function tellDrained({ state, outbox, raise }: Engine): void {
  if (state.closeAt < NEVER && !outbox.messages.length) raise('drain', { url: state.url, until: state.closeAt });
}
