import type { Bug } from '../seed.ts';
import { ATTEMPT } from './attempt.ts';
import { ENGINE } from './engine.ts';
import { HEARTBEAT } from './heartbeat.ts';
import { MESSAGES } from './messages.ts';
import { OPTIONS } from './options.ts';
import { RECONNECT } from './reconnect.ts';
import { STATES } from './states.ts';

/** Bugs that a person could make, each as one change of mind in the core. */
export const BUGS: readonly Bug[] = [
  ...STATES,
  ...RECONNECT,
  ...HEARTBEAT,
  ...ATTEMPT,
  ...MESSAGES,
  ...ENGINE,
  ...OPTIONS,
];
