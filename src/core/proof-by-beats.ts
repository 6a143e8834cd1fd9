/** Proof of delivery by the answers to heartbeats. */
import { NEVER } from './connection-state.js';
import type { Attempt, Engine, Proof } from './engine.js';
import { noteSent, prove } from './prove.js';
import { holdsBack, PATIENCE, TOO_BIG } from './refused-message.js';

/** What is known of the proof on one socket. */
interface SocketProof {
  /**
   * The heartbeat that is to prove messages. `upTo`: how many messages the socket had taken before it. `answers`: after so many more
   * answers it is answered for certain.
   */
  mark: { readonly upTo: number; answers: number } | undefined;
  /** When the socket took the first message that neither is proven nor has a heartbeat behind it. */
  firstAt: number | undefined;
  /** When a heartbeat was last answered. */
  answeredAt: number;
  /** How many heartbeats are under way, as far as `beats` knows. */
  underWay: number;
  /** Heartbeats that `beats` takes for answered, and that may be answered yet: the answer to an earlier one may have come twice. */
  unsure: number;
  /** When the last of these was taken for answered. */
  unsureAt: number;
}

/** ms after an answer within which the same answer may come twice. */
const TWICE = 100;

const proofs = new WeakMap<Attempt, SocketProof>();

function proofOf(attempt: Attempt): SocketProof {
  const known = proofs.get(attempt);
  if (known) return known;
  const proof = { mark: undefined, firstAt: undefined, answeredAt: -Infinity, underWay: 0, unsure: 0, unsureAt: 0 };
  proofs.set(attempt, proof);
  return proof;
}

/** Whether so many messages wait for proof that it is asked for at once. */
const isMuch = ({ outbox, options }: Engine): boolean => outbox.sent >= options.limit / 2;

/** Whether anything waits for proof: what was sent, or what is held back behind something that is not kept any more. */
const isAwaited = ({ outbox }: Engine): boolean => outbox.sent > 0 || !!outbox.isHeld;

/** Whether proof is asked for at once: many messages wait for it, or one goes out alone since a message was too big. */
const isUrgent = (engine: Engine): boolean =>
  isMuch(engine) || (holdsBack(engine) && engine.state.lastEnd?.code === TOO_BIG);

/** Plans a heartbeat that proves what the socket has taken. */
function askForProof(
  engine: Engine,
  { firstAt = engine.clock.now(), answeredAt }: SocketProof,
  ackWithin: number,
): void {
  // Without a heartbeat nothing can be proven, which development refuses.
  if (engine.attempt?.settings.beats !== 'client') return;
  const within = isUrgent(engine) ? 0 : ackWithin;
  engine.proveAt = Math.max(firstAt + within, answeredAt + TWICE);
  // Arms the timer, and nothing else: no message is to be handed over.
  engine.raise('kept', { until: NEVER });
}

/** Proof by the answers to heartbeats: WebSocket keeps order, so whoever answers has read all that was sent before. */
export const byBeats = (ackWithin: number): Proof => ({
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
    const { beats } = attempt;
    const proof = proofOf(attempt);
    beats.underWay = beats.underWay.filter(({ since }) => now - since < PATIENCE);
    proof.underWay = beats.underWay.length;
    if (now - proof.unsureAt >= PATIENCE) proof.unsure = 0;
    engine.proveAt = isAwaited(engine) ? now + PATIENCE : NEVER;
    if (proof.mark || proof.firstAt === undefined) return;
    // An answer does not say which heartbeat it answers, so it counts for the oldest one.
    proof.mark = { upTo: outbox.taken as number, answers: proof.underWay + proof.unsure };
    proof.firstAt = undefined;
  },
  answered(engine, attempt, now, times) {
    const proof = proofOf(attempt);
    const { mark, underWay, answeredAt } = proof;
    proof.underWay = attempt.beats.underWay.length;
    proof.answeredAt = now;
    const settled = underWay - proof.underWay;
    // An answer right after another one may be the same again, and counts for none.
    if (now - answeredAt < TWICE) {
      proof.unsure += settled;
      proof.unsureAt = now;
    } else {
      if (!settled) proof.unsure = Math.max(0, proof.unsure - 1);
      // Further answers in the same frame may be the same again.
      const again = Math.max(0, Math.min(times, settled) - 1);
      if (mark) mark.answers -= settled - again || 1;
      proof.unsure += again;
      if (again) proof.unsureAt = now;
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
    // The heartbeat may fail: then another one is due later.
    const isOpen = isAwaited(engine);
    engine.proveAt = isOpen ? engine.clock.now() + PATIENCE : NEVER;
    if (isOpen) engine.raise('beat');
  },
});
