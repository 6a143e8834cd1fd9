import { DELAY, LASTING_FAULTS, type LastingFault, type MomentaryFault } from '../protocol/control.ts';
import type { Visitor } from './visitors.ts';

/** What the server itself can be made to do. */
export interface Unreliable {
  closeClient(client: string, code: number, reason: string): void;
  restart(): void;
}

/** Lets a fault happen to the connections that a visitor has now. */
export function strike(server: Unreliable, { id, links }: Visitor, fault: MomentaryFault, code: number) {
  const happen: Record<MomentaryFault, () => void> = {
    cut: () => links.cut(),
    reset: () => links.reset(),
    close: () => server.closeClient(id, code, 'as asked for'),
    restart: () => server.restart(),
  };
  happen[fault]();
}

/** Lets a fault begin, or lifts it. */
export function setLasting({ links, lasting }: Visitor, fault: LastingFault, on: boolean): void {
  if (on) lasting.add(fault);
  else lasting.delete(fault);
  links.isMute = lasting.has('hang') || lasting.has('offline');
  links.isRefusing = lasting.has('refuse');
  links.delay(lasting.has('delay') ? () => DELAY : undefined);
  // Chromium makes one handshake with a host at a time: one that hangs keeps all others waiting, for four minutes.
  if (!links.isMute) links.resetUnanswered();
  if (!on) return;
  // What only meets new connections would not be noticed before the old ones are gone.
  if (fault === 'refuse' || fault === 'hang') links.reset();
  if (fault === 'offline') links.cut();
}

export function liftAll(visitor: Visitor): void {
  for (const fault of LASTING_FAULTS) setLasting(visitor, fault, false);
}

/** Whether a server may close with this code. 1005 and 1006 exist in `close` events only. */
export const isCloseCode = (code: unknown): code is number =>
  typeof code === 'number' &&
  Number.isInteger(code) &&
  ((code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999));
