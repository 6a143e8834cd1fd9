import { createSystemClock } from '../browser/system-clock.js';

/** ms between two calls: longer than the 120 that the devtools wait for quiet. */
const PATIENCE = 200;

/** Where nobody looks at an inspector, nobody ever reads it. */
const CALLS = 10;

export interface DevtoolsRequest {
  /** There is news to read. */
  begin(): void;
  /** It has been read. */
  end(): void;
}

/**
 * Asks the devtools to read something until they have. Theirs (8.2.1) wait for quiet with one timer for the inspectors of all
 * plugins, and then read the one that asked last: that of the components, which asks after each render, takes any other's turn.
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
      // News that comes while a call waits is read with it; asking for each would never leave the devtools the quiet.
      if (!isWaiting) call();
    },
    end() {
      callsLeft = 0;
    },
  };
}
