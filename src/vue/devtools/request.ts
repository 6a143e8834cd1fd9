import { createSystemClock } from '../../browser/system-clock.js';

/** ms between two calls. The devtools wait until nobody has called for 120 ms, so this must be longer. */
const PATIENCE = 200;

/** The most calls for one change. If the user does not look at the inspector, the devtools never read it. */
const CALLS = 10;

export interface DevtoolsRequest {
  /** Something has changed: starts to ask. */
  begin(): void;
  /** The devtools have read the change: stops asking. */
  end(): void;
}

/**
 * Asks the devtools to read something, again and again (at most CALLS times), until they have read it. One call is not
 * enough: the devtools (8.2.1) use one timer for the inspectors of all plugins. They wait until no inspector has called
 * for a while, and then read only the inspector that called last. The inspector of the components calls after each
 * render, and so takes the turn of any other inspector.
 */
export function createRequest(ask: () => void): DevtoolsRequest {
  const { after } = createSystemClock();
  let callsLeft = 0;
  let isWaiting = false;
  const call = (): void => {
    isWaiting = callsLeft > 0;
    if (!isWaiting) return;
    callsLeft -= 1;
    ask();
    after(PATIENCE, call);
  };
  return {
    begin() {
      callsLeft = CALLS;
      // A change that comes while a call waits is read with that call. If each change made a call of its own, the
      // devtools would never find the pause that they wait for.
      if (!isWaiting) call();
    },
    end() {
      callsLeft = 0;
    },
  };
}
