import type { Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { report } from './outlet.js';

/** Tells of an option that makes no sense, if there is one. */
export function tellWrong(engine: Engine, wrong: string | undefined): void {
  if (wrong) report(engine, 'option', new HeartbeatSocketError('option', wrong));
}
