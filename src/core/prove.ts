/** What is done with a message whose delivery is proven. */
import type { Engine } from './engine.js';
import { tellDrained } from './outbound.js';
import { type Kept, remove } from './outbox.js';
import { emit } from './outlet.js';

/** The socket has taken the message that was given to it last. */
export function noteSent({ outbox }: Engine): void {
  const last = outbox.messages[outbox.sent - 1];
  if (last) last.wasSent = true;
}

/** The server has read the first `upTo` messages of this socket. A question stays until it is answered: only that ends it. */
export function prove(engine: Engine, upTo: number): void {
  const { outbox, options } = engine;
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
