/** What the page asks of the server beside the connections under test, and the figures it is told, as JSON. */
import type { Side } from './feed.ts';

export const CONTROL_PATH = '/control';

/** Faults that happen once. */
export const MOMENTARY_FAULTS = ['cut', 'reset', 'close', 'restart'] as const;
export type MomentaryFault = (typeof MOMENTARY_FAULTS)[number];

/** Faults that last until they are lifted. */
export const LASTING_FAULTS = ['mute', 'delay', 'refuse', 'hang', 'offline'] as const;
export type LastingFault = (typeof LASTING_FAULTS)[number];

export type Fault = MomentaryFault | LastingFault;

/** How late each chunk is under the fault `delay`, in ms and in each direction. */
export const DELAY = 1_000;

export type ControlRequest =
  /** `code`: the close code, for `close`. */
  { type: 'strike'; fault: MomentaryFault; code?: number } | { type: 'set'; fault: LastingFault; on: boolean };

/** The connections that the server counts for one side of one client. */
export interface SideFigures {
  /** Heard from lately. */
  live: number;
  /** Open for the server still, but nothing was heard from them lately: dead links, most likely. */
  silent: number;
}

export type Figures = Record<Side, SideFigures>;

export type ControlMessage =
  /**
   * The first message on each connection: who the visitor is. The others are told the `id`. The `token` is for the visitor alone:
   * each connection shows it, as `?token=`, and who has none is given one by the control connection.
   */
  | { type: 'visitor'; id: string; token: string }
  | { type: 'figures'; figures: Figures; lasting: LastingFault[] }
  /** A fault has happened, begun (`on`) or been lifted, at this time of the server's clock. */
  | { type: 'done'; fault: Fault; on: boolean; at: number };
