/** What a tab shows: the state of the connection that all tabs share, as far as the tab takes part in it. */
import type { ConnectionView } from '../core/connection-types.js';
import type { Phase } from '../core/phase.js';
import type { ToldView } from './protocol.js';

const CONNECTED: readonly (Phase | undefined)[] = ['open', 'suspect'];
const ON_THE_WAY: readonly (Phase | undefined)[] = ['waiting', 'offline', 'failed', 'idle'];

export const statusOf = (phase: Phase): ConnectionView['status'] =>
  phase === 'connecting' ? 'CONNECTING' : CONNECTED.includes(phase) ? 'OPEN' : 'CLOSED';

/** The phase that a tab shows: the leader's, as far as the tab has taken part in it. */
function phaseOf({ phase, status }: ConnectionView, told: ToldView | undefined): Phase {
  if (status === 'OPEN') return told && CONNECTED.includes(told.phase) ? told.phase : 'open';
  if (phase !== 'connecting' && phase !== 'waiting') return phase;
  return told && ON_THE_WAY.includes(told.phase) ? told.phase : 'connecting';
}

/** `view`: what the tab's own connection shows. `told`: what the leader shows. */
export function shownView(view: ConnectionView, told: ToldView | undefined, isLeader: boolean): ConnectionView {
  const phase = phaseOf(view, told);
  const shared = {
    ...view,
    phase,
    status: statusOf(phase),
    ws: undefined,
    isLeader,
  };
  const takesPart = view.phase === 'waiting' || statusOf(view.phase) !== 'CLOSED';
  if (!told || !takesPart) return shared;
  const { failures, latency } = told;
  return { ...shared, failures, latency, retryAt: phase === 'waiting' ? told.retryAt : undefined };
}

/** What the leader tells of its view, as plain data. */
export const toldView = ({ phase, failures, retryAt, latency, error }: ConnectionView): ToldView => {
  const plainError = error && {
    code: error.code,
    // The text of an error begins with its code.
    message: error.message.slice(error.code.length + 2),
    cause: error.cause,
    closeCode: error.closeCode,
  };
  return { phase, failures, retryAt, latency, error: plainError };
};
