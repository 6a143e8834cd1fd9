/** What a server of the delivery run does: it counts what comes, and sends numbers at a steady pace to whoever is there. */
import type { FaultProxy } from '../../support/server/fault-proxy.ts';

export interface DeliveryServer {
  /** On its way to the server. */
  readonly proxy: FaultProxy;
  readonly url: string;
  /** The numbers of the page, in the order of arrival. */
  readonly received: readonly number[];
  /** A connection reaches the server now. */
  isReached(): boolean;
  /** Sends this number to everybody. */
  publish(n: number): void;
  /** Closes every connection, as a server does that restarts. */
  closeAll(): void;
  end(): Promise<void>;
}

/** ms. Short, so that many faults fit. */
export const FIGURES = {
  interval: 1_000,
  pongTimeout: 1_000,
  ackWithin: 200,
  connectTimeout: 2_000,
  /** The longest wait before a client connects again. */
  delay: 1_000,
} as const;

/** ms after which a server gives up a client that says nothing. */
export const IDLE = 4_000;
