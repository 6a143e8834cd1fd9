/** What is done with a message whose delivery is proven. */
import type { Engine } from './engine.js';
import { tellDrained } from './outbound.js';
import { type Kept, type Outbox, remove } from './outbox.js';
import { emit } from './outlet.js';
import { letNextGo } from './refused-message.js';

/** The socket has taken the message that was given to it last. */
export function noteSent({ outbox }: Engine): void {
  const last = outbox.messages[outbox.sent - 1];
  if (last) last.wasSent = true;
}

/** Takes a message out that the socket has refused, if it is still there. The server never counts it. */
export function forget({ outbox }: Engine, message: Kept): void {
  const at = outbox.messages.indexOf(message);
  if (at >= 0) remove(outbox, at, 1);
  outbox.taken = (outbox.taken as number) - 1;
}

/** The socket is gone: what it had taken waits again. Takes out, and gives, the messages that are lost with it. */
export function takeBack(outbox: Outbox, isLost: (message: Kept) => boolean | undefined): Kept[] {
  const { messages, sent } = outbox;
  const lost = messages.slice(0, sent).filter(isLost);
  for (const message of lost) remove(outbox, messages.indexOf(message), 1);
  outbox.sent = 0;
  outbox.taken = 0;
  outbox.read = 0;
  outbox.isHeld = false;
  return lost;
}

/** The server has read the first `upTo` messages of this socket. A question stays until it is answered: only that ends it. */
export function prove(engine: Engine, upTo: number): void {
  const { outbox, options } = engine;
  outbox.read = Math.max(outbox.read ?? 0, upTo);
  letNextGo(engine);
  const proven: Kept[] = [];
  let at = 0;
  while (at < outbox.sent && Number(outbox.messages[at]?.number) <= upTo) {
    let count = 0;
    while (at + count < outbox.sent && isProvenBy(outbox.messages[at + count], upTo)) count += 1;
    for (const message of remove(outbox, at, count)) proven.push(message);
    at += 1;
  }
  if (!proven.length) return;
  options.viewChanged();
  for (const { value, settled } of proven) {
    emit(engine, 'delivered', { data: value });
    settled?.();
  }
  tellDrained(engine);
}

const isProvenBy = (message: Kept | undefined, upTo: number): boolean =>
  !message?.isRequest && Number(message?.number) <= upTo;
