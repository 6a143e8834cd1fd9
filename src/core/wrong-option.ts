import type { Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { report } from './outlet.js';

/** Tells of an option that cannot be used, if there is one. */
export function tellWrong(engine: Engine, name: string | undefined): void {
  if (name) report(engine, 'option', new HeartbeatSocketError('option', `${name} cannot be used`));
}
