import { isAlive, isResting } from './connection-state.js';
import type { ConnectionView } from './connection-types.js';
import type { Engine } from './engine.js';

/** What the outside sees of a connection now. */
export const viewOf = (engine: Engine): ConnectionView => {
  const { state, attempt } = engine;
  const { phase } = state;
  const view: ConnectionView = {
    ws: isResting(state) && phase !== 'failed' ? undefined : attempt?.ws,
    latency: attempt?.beats.latency,
    error: state.error,
    left: phase === 'left',
    failures: state.failures,
    retryAt: phase === 'waiting' ? engine.clock.toEpoch(state.deadline) : undefined,
    status: isAlive(state) ? 'OPEN' : phase === 'connecting' ? 'CONNECTING' : 'CLOSED',
    pending: engine.outbox.messages.length,
    url: state.url,
    phase,
  };
  return engine.options.shown?.(view) ?? view;
};
