/** Delivery with proof: each message stays in the outbox until the server is known to have read it, and goes again on the next socket. */
import type { Attempt, Delivery, Engine } from './engine.js';
import { unusable } from './kind-of.js';
import { tellDrained } from './outbound.js';
import { type Kept, remove } from './outbox.js';
import { emit, guard } from './outlet.js';
import { createPageStore, type DeliveryStorage } from './stored-messages.js';

export interface AtLeastOnceSettings {
  /** ms after which a heartbeat asks for proof. */
  readonly ackWithin: number;
  /** Gives what a message of the server says of what it has read: how many messages, or the id of the last one. */
  readonly ack: ((message: unknown) => unknown) | undefined;
  /** The id of a message that was sent. Undefined: `ack` counts. */
  readonly id: ((value: unknown) => unknown) | undefined;
  readonly storage: DeliveryStorage | undefined;
}

/** What is known of the proof on one socket. */
interface Proof {
  /** A heartbeat under way: how many messages the socket had taken before it, and after how many more answers it is answered for certain. */
  mark: { readonly upTo: number; answers: number } | undefined;
  /** When the socket took the first message that neither is proven nor has a heartbeat behind it. */
  firstAt: number | undefined;
  /** When a heartbeat was last answered. */
  answeredAt: number;
  /** How many heartbeats are under way, as far as `beats` knows. */
  underWay: number;
  /** Heartbeats that `beats` takes for answered, and that may be answered yet: the answer to an earlier one may have come twice. */
  unsure: number;
}

/** ms after an answer within which the same answer may come twice. */
const TWICE = 100;

const proofs = new WeakMap<Attempt, Proof>();

function proofOf(attempt: Attempt): Proof {
  const known = proofs.get(attempt);
  if (known) return known;
  const proof = { mark: undefined, firstAt: undefined, answeredAt: -Infinity, underWay: 0, unsure: 0 };
  proofs.set(attempt, proof);
  return proof;
}

/** The server has read the first `upTo` messages of this socket. A question stays until it is answered: only that ends it. */
function prove(engine: Engine, upTo: number): void {
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

/** Whether so many messages wait for proof that it is asked for at once. */
const isMuch = ({ outbox, options }: Engine): boolean => outbox.sent >= options.limit / 2;

/** Asks for a heartbeat that proves what the socket has taken. */
function askForProof(engine: Engine, { firstAt = engine.clock.now(), answeredAt }: Proof, ackWithin: number): void {
  const within = isMuch(engine) ? 0 : ackWithin;
  engine.raise('unproven', { until: Math.max(firstAt + within, answeredAt + TWICE) });
}

/** Proof by the answers to heartbeats: WebSocket keeps order, so whoever answers has read all that was sent before. */
const byBeats = (ackWithin: number): Pick<Delivery, 'handedOver' | 'beat' | 'answered'> => ({
  handedOver(engine, attempt) {
    const { outbox, options, clock } = engine;
    const proof = proofOf(attempt);
    const isFirst = proof.firstAt === undefined;
    proof.firstAt ??= clock.now();
    const isFull = outbox.sent === Math.ceil(options.limit / 2);
    if (!proof.mark && (isFirst || isFull)) askForProof(engine, proof, ackWithin);
  },
  beat({ outbox }, attempt) {
    const proof = proofOf(attempt);
    proof.underWay = attempt.beats.underWay.length;
    if (proof.mark || proof.firstAt === undefined) return;
    // An answer tells not which heartbeat it answers: so it counts for the oldest one.
    proof.mark = { upTo: outbox.taken as number, answers: proof.underWay + proof.unsure };
    proof.firstAt = undefined;
  },
  answered(engine, attempt, now) {
    const proof = proofOf(attempt);
    const { mark, underWay, answeredAt } = proof;
    proof.underWay = attempt.beats.underWay.length;
    proof.answeredAt = now;
    const settled = underWay - proof.underWay;
    // An answer right after another one may be the same again, and counts for none.
    if (now - answeredAt < TWICE) proof.unsure += settled;
    else {
      if (!settled) proof.unsure = Math.max(0, proof.unsure - 1);
      if (mark) mark.answers -= settled || 1;
    }
    if (mark && mark.answers <= 0) {
      proof.mark = undefined;
      prove(engine, mark.upTo);
    }
    if (proof.mark ? !proof.underWay : proof.firstAt !== undefined) askForProof(engine, proof, ackWithin);
  },
});

/** Proof by what the server says. */
const byAck = (
  ack: (message: unknown) => unknown,
  id: AtLeastOnceSettings['id'],
): Pick<Delivery, 'handedOver' | 'received'> => ({
  handedOver() {},
  received(engine, value) {
    const { messages, sent } = engine.outbox;
    const upTo = guard(
      engine,
      () => {
        const given = ack(value);
        if (given === undefined) return undefined;
        if (id) return messages.find((message, at) => at < sent && Object.is(id(message.value), given))?.number;
        if (Number.isInteger(given)) return given as number;
        throw new TypeError(unusable(given));
      },
      'callback',
    );
    if (upTo !== undefined) prove(engine, upTo);
  },
});

/** Follows each message until the server is known to have read it. Without `ack` the answers to heartbeats are the proof. */
export function createAtLeastOnce({ ackWithin, ack, id, storage }: AtLeastOnceSettings): Delivery {
  return {
    isProven: true,
    needsBeats: !ack,
    ...(ack ? byAck(ack, id) : byBeats(ackWithin)),
    alive() {},
    ended({ outbox }) {
      const { messages, sent } = outbox;
      const lost = messages.slice(0, sent).filter(({ isForOne }) => isForOne);
      for (const message of lost) remove(outbox, messages.indexOf(message), 1);
      outbox.sent = 0;
      outbox.taken = 0;
      return lost;
    },
    ...(storage && createPageStore(storage)),
  };
}
