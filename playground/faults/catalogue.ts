import type { Fault, LastingFault, MomentaryFault } from '../protocol/control.ts';

export interface FaultText {
  readonly label: string;
  /** What really happens, on the server and in the proxy before it. */
  readonly what: string;
}

export const MOMENTARY: Record<MomentaryFault, FaultText> = {
  cut: { label: 'Cut silently', what: 'Nothing passes any more on these connections, and neither end is told.' },
  reset: { label: 'Reset', what: 'Both ends get a TCP reset. The page sees 1006.' },
  restart: { label: 'Restart the server', what: 'It says 1012 to everybody, and is back after a second.' },
  close: { label: 'Close with code', what: 'The server closes the connections with this code.' },
};

export const LASTING: Record<LastingFault, FaultText> = {
  mute: { label: 'Stop answering', what: 'The server reads, but answers no heartbeat and pushes nothing.' },
  delay: { label: 'Delay by 1 s', what: 'Everything is a second late, in each direction.' },
  refuse: { label: 'Refuse', what: 'The connections are reset, and so is every new one.' },
  hang: {
    label: 'Never answer the handshake',
    what: 'The connections are reset; new ones are accepted, get no answer, and are reset when you switch it off.',
  },
  offline: {
    label: 'Offline',
    what: 'Simulated: nothing passes, and this page sets navigator.onLine to false and fires the offline event.',
  },
};

export const labelOf = (fault: Fault): string => ({ ...MOMENTARY, ...LASTING })[fault].label;

/** Close codes to choose from, and what they mean. */
export const CLOSE_CODES: Record<number, string> = {
  1000: 'normal closure',
  1001: 'going away',
  1008: 'policy violation, final',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  4000: "an app's own",
  4401: 'unauthorized, final',
};
