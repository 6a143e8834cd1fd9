/** Delivery with proof: each message stays in the outbox until the server is known to have read it, and goes again on the next socket. */
import { NEVER } from './connection-state.js';
import type { Attempt, Delivery, Engine } from './engine.js';
import { unusable } from './kind-of.js';
import { sendNow, tellDrained } from './outbound.js';
import { countUnsent, insert, type Kept, keepMessage, remove, takeMessage } from './outbox.js';
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
interface SocketProof {
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

/** ms after which a heartbeat that the server has not answered is followed by another one, for the sake of the proof. */
const PATIENCE = 10_000;

const proofs = new WeakMap<Attempt, SocketProof>();

function proofOf(attempt: Attempt): SocketProof {
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

/** Plans a heartbeat that proves what the socket has taken. */
function askForProof(
  engine: Engine,
  { firstAt = engine.clock.now(), answeredAt }: SocketProof,
  ackWithin: number,
): void {
  const within = isMuch(engine) ? 0 : ackWithin;
  engine.proveAt = Math.min(engine.proveAt, Math.max(firstAt + within, answeredAt + TWICE));
  // Arms the timer, and nothing else: no message is to be handed over.
  engine.raise('kept', { until: NEVER });
}

/** Takes a message out that the socket has refused, if it is still there. */
function forget({ outbox }: Engine, message: Kept): void {
  const at = outbox.messages.indexOf(message);
  if (at >= 0) remove(outbox, at, 1);
}

/** Sends a message that stays in the outbox. */
function sendToProve(engine: Engine, message: Kept): boolean | undefined {
  const { outbox, options } = engine;
  let isSent: boolean | undefined = false;
  const take = (): void => {
    const taken = takeMessage(outbox, message.at);
    isSent = sendNow(engine, taken.data, taken.value, () => forget(engine, taken));
  };
  // What `onConnected` sends goes before what waits, and costs none of that its place.
  if (countUnsent(outbox)) {
    insert(outbox, outbox.sent, message);
    take();
  } else keepMessage(outbox, message, take);
  options.viewChanged();
  return isSent;
}

/** The socket has taken the message that was given to it last. */
function noteSent({ outbox }: Engine): void {
  const last = outbox.messages[outbox.sent - 1];
  if (last) last.wasSent = true;
}

/** What proves messages. */
interface Proof extends Pick<Delivery, 'handedOver' | 'beat' | 'answered' | 'received'> {
  /** A deadline has come. */
  due?(engine: Engine): void;
}

/** Proof by the answers to heartbeats: WebSocket keeps order, so whoever answers has read all that was sent before. */
const byBeats = (ackWithin: number): Proof => ({
  handedOver(engine, attempt) {
    const { outbox, options, clock } = engine;
    noteSent(engine);
    const proof = proofOf(attempt);
    const isFirst = proof.firstAt === undefined;
    proof.firstAt ??= clock.now();
    const isFull = outbox.sent === Math.ceil(options.limit / 2);
    if (!proof.mark && (isFirst || isFull)) askForProof(engine, proof, ackWithin);
  },
  beat(engine, attempt, now) {
    const { outbox } = engine;
    const proof = proofOf(attempt);
    proof.underWay = attempt.beats.underWay.length;
    engine.proveAt = outbox.sent ? now + PATIENCE : NEVER;
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
  due(engine) {
    // The machine may have sent a heartbeat at the same deadline, and then the next one is due later.
    if (engine.clock.now() < engine.proveAt) return;
    engine.proveAt = NEVER;
    if (engine.outbox.sent) engine.raise('beat');
  },
});

/** Proof by what the server says. */
const byAck = (ack: (message: unknown) => unknown, id: AtLeastOnceSettings['id']): Proof => ({
  handedOver: noteSent,
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
  const proof = ack ? byAck(ack, id) : byBeats(ackWithin);
  const store = storage && createPageStore(storage);
  return {
    needsBeats: !ack,
    ...proof,
    ...store,
    send: sendToProve,
    refused: forget,
    alive() {},
    ended(engine) {
      const { outbox } = engine;
      const { messages, sent } = outbox;
      engine.proveAt = NEVER;
      const lost = messages.slice(0, sent).filter(({ isForOne }) => isForOne);
      for (const message of lost) remove(outbox, messages.indexOf(message), 1);
      outbox.sent = 0;
      outbox.taken = 0;
      return lost;
    },
    stepped(engine, name) {
      if (name === 'deadline') proof.due?.(engine);
      else if (name === 'pagehide') store?.leavePage(engine);
    },
  };
}
