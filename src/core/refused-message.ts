/**
 * Finds the message for which the server closes the connection, where delivery is proven: on each new connection it would go again, for
 * ever. A close code does not say which message it is about. So each one that it may be about goes out alone on the next connection: if
 * that ends likewise before the server has read another message, it is the one.
 */
import { NEVER } from './connection-state.js';
import type { Attempt, Engine } from './engine.js';
import type { Kept, Outbox } from './outbox.js';

/** Close code: a message was too big. */
export const TOO_BIG = 1009;

/** The most ms that a message waits for proof, and a heartbeat for the answer that is to bring it. */
export const PATIENCE = 10_000;

/** Close codes: a message was of a kind, or had a content, that the server does not take. It may have been a heartbeat. */
const UNWELCOME = [1003, 1007];

/** How many messages of this socket the server is not known to have read. */
export const countUnread = ({ taken, read = 0 }: Outbox): number => (taken as number) - read;

/** Whether the next message has to wait until the server has read the one before: one of them goes out alone. */
export const holdsBack = ({ outbox }: Engine): boolean => {
  const { messages, sent } = outbox;
  return countUnread(outbox) > 0 && !!(messages[sent - 1]?.isSuspect || messages[sent]?.isSuspect);
};

/** The socket has taken a message: the next one may have to wait. */
export function holdNextBack(engine: Engine): void {
  if (holdsBack(engine)) holdBack(engine);
}

/** No message is handed over until the server has read what the socket has taken. */
export function holdBack(engine: Engine): void {
  const { outbox, clock } = engine;
  if (!countUnread(outbox)) return;
  engine.proveAt = Math.min(engine.proveAt, clock.now() + PATIENCE);
  outbox.isHeld = true;
}

/** The server has read more: the next message may go. */
export function letNextGo(engine: Engine): void {
  const { outbox, clock } = engine;
  if (!outbox.isHeld || holdsBack(engine)) return;
  outbox.isHeld = false;
  engine.raise('kept', { until: clock.now() });
}

/** The socket has taken a message. One that goes out alone counts as read after `PATIENCE`: the server may say seldom what it has read. */
export function waitUntilRead(engine: Engine): void {
  engine.proveAt = holdsBack(engine) ? engine.clock.now() + PATIENCE : NEVER;
}

/** A deadline has come: a message that went out alone counts as read, if its time is over. */
export function readByNow(engine: Engine): void {
  if (engine.clock.now() < engine.proveAt) return;
  engine.proveAt = NEVER;
  engine.outbox.read = engine.outbox.taken as number;
  letNextGo(engine);
}

/**
 * The socket has ended. Gives the message that the server did not take. If it may be one of several, each of them is suspected.
 * `refused`: its number, 0 if that is not known.
 */
export function findRefused(
  { outbox }: Engine,
  { closeEvent, beats }: Attempt,
  refused = countUnread(outbox) === 1 ? (outbox.taken as number) : 0,
): Kept | undefined {
  const code = Number(closeEvent?.code);
  if (code !== TOO_BIG && !(UNWELCOME.includes(code) && !beats.underWay.length)) return undefined;
  const { messages, sent, read = 0 } = outbox;
  const taken = messages.slice(0, sent);
  // The refused message may have been dropped meanwhile, and then no other one is to blame.
  if (refused) return taken.find(({ number }) => number === refused);
  for (const message of taken) if (Number(message.number) > read) message.isSuspect = true;
  return undefined;
}
