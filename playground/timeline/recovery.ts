import { shallowRef } from 'vue';
import type { Fault } from '../protocol/control.ts';
import type { FeedMessage, Side } from '../protocol/feed.ts';

/** How long each side took to be heard from again. */
export interface Recovery extends Partial<Record<Side, number>> {
  readonly key: number;
  readonly fault: Fault;
  /** When the fault happened or was lifted: by the page's clock, and by the server's. */
  readonly since: number;
  readonly sinceByServer: number;
}

const KEPT = 8;

/** Measures, for each fault, how long it takes until a message comes that the server sent after it. */
export function createRecoveries() {
  const recoveries = shallowRef<readonly Recovery[]>([]);
  let key = 0;

  return {
    /** The newest first. */
    recoveries,
    begin(fault: Fault, sinceByServer: number): void {
      key += 1;
      recoveries.value = [{ key, fault, since: Date.now(), sinceByServer }, ...recoveries.value].slice(0, KEPT);
    },
    heard(side: Side, { at }: FeedMessage): void {
      const isOver = (one: Recovery): boolean => one[side] === undefined && at > one.sinceByServer;
      if (!recoveries.value.some(isOver)) return;
      const now = Date.now();
      recoveries.value = recoveries.value.map((one) => (isOver(one) ? { ...one, [side]: now - one.since } : one));
    },
  };
}
