/** Carries out effects: what `transition` decides is to be done. */
import { abandon, ask, dial, end, prepare } from './attempt.js';
import { beatsStalled } from './beats.js';
import type { Effect, Effects } from './connection-events.js';
import type { Attempt, Engine } from './engine.js';
import { shake } from './handshake.js';
import { handOnAll } from './inbound.js';
import { flush } from './outbound.js';
import { addressMessages, emptyOutbox } from './outbox.js';
import { emit } from './outlet.js';
import { sendBeat } from './socket-writer.js';

/** Runs a task when those before it are done. Its events have the cause of the effect that asked for it. */
function later(engine: Engine, task: () => void): void {
  const { cause } = engine;
  engine.queue.enqueue(() => {
    engine.cause = cause;
    task();
  });
}

/** Tells what may have been missed since this url was last open. */
function tellOpened(engine: Engine): void {
  const { stream } = engine;
  const { url } = engine.state;
  const isFirst = stream?.url !== url;
  const known = isFirst ? { url, lostAt: undefined, cursor: undefined } : stream;
  engine.stream = known;
  emit(engine, 'opened', { isFirst, lostAt: known.lostAt, cursor: known.cursor });
}

/** How each effect is carried out. */
const EFFECTS: { readonly [Name in keyof Effects]: (engine: Engine, ...about: Parameters<Effects[Name]>) => void } = {
  prepare,
  address(engine, url) {
    engine.delivery.address?.(engine, url);
    addressMessages(engine.outbox, url, engine.clock.now());
  },
  ask(engine) {
    const attempt = engine.attempt as Attempt;
    // Later, since `onDropped` for a message to the old url may have changed the url again.
    later(engine, () => attempt.id === engine.state.id && ask(engine, attempt));
  },
  dial,
  shake,
  opened(engine) {
    // Without the `aborter`: `beforeConnect` is done, so its signal stays as it is.
    const attempt = engine.attempt as Attempt;
    const { handshake } = attempt;
    handshake?.stop();
    Object.assign(attempt, { wasOpen: true, aborter: undefined, handshake: undefined });
    tellOpened(engine);
    // Later, since what `onConnected` sends and commands comes first.
    later(engine, () => flush(engine));
    // What came during the handshake, and was not asked for.
    handOnAll(engine, attempt, handshake?.unread ?? []);
  },
  abandon,
  faulted: (engine) => emit(engine, 'faulted', {}, engine.attempt?.socket, engine.attempt?.errorEvent),
  ended: (engine, how) => end(engine, how, engine.attempt?.closeEvent),
  erred: (engine, error, gaveUp) => emit(engine, 'erred', { error, gaveUp }),
  flush,
  beat: sendBeat,
  empty: (engine, reason) => emptyOutbox(engine.outbox, reason),
  stalled: ({ attempt, clock }) => attempt && beatsStalled(attempt.beats, clock.now()),
  recovered: (engine) => emit(engine, 'recovered', {}),
};

/** Carries out what `transition` has decided. */
export const carryOut = (engine: Engine, [name, ...about]: Effect): void =>
  (EFFECTS[name] as (engine: Engine, ...about: unknown[]) => void)(engine, ...about);
