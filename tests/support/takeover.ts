/** Loses the tab that leads, and tells how long it took until another one had a socket. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldSocket } from './sharing-server.ts';
import {
  BUSY_FOR,
  bringBack,
  isEnd,
  type Loss,
  lose,
  prepare,
  type SharingTab,
  type SharingTabs,
} from './sharing-tabs.ts';

export interface Takeover {
  readonly loss: Loss;
  readonly lost: SharingTab;
  readonly next: HeldSocket;
  /** When the browser was told. */
  readonly since: number;
  /** ms from the command to the browser until the server had the socket of another tab. */
  readonly ms: number;
}

const PATIENCE = 30_000;

export async function takeOver(tabs: SharingTabs, loss: Loss): Promise<Takeover> {
  const { server } = tabs;
  const lost = await tabs.leader();
  await prepare(lost, loss);
  const before = server.sockets.length;
  const since = performance.now();
  const losing = lose(lost, loss);
  for (;;) {
    const next = server.sockets.slice(before).find(({ tab }) => tab !== lost.name);
    if (next) {
      await losing;
      return { loss, lost, next, since, ms: next.openedAt - since };
    }
    if (performance.now() - since > PATIENCE) throw new Error(`${loss}: no other tab took over within ${PATIENCE} ms`);
    await sleep(2);
  }
}

/** Makes up for a loss: gives the tab that is back, or another one that was opened instead. What a busy tab says first is waited for. */
export async function makeUp(tabs: SharingTabs, { loss, lost, since }: Takeover): Promise<SharingTab> {
  if (isEnd(loss)) {
    await lost.page.close();
    return tabs.open();
  }
  const busy = BUSY_FOR[loss];
  if (busy) await sleep(Math.max(0, since + busy + 500 - performance.now()));
  await bringBack(lost, loss);
  return lost;
}

/** So many of all values are at most as large. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The times by kind, as lines of text: the middle, the 95th percentile, and the most. */
export function tellTakeovers(all: readonly Pick<Takeover, 'loss' | 'ms'>[]): string {
  const kinds = [...new Set(all.map(({ loss }) => loss))];
  const lines = kinds.map((kind) => {
    const times = all.filter(({ loss }) => loss === kind).map(({ ms }) => ms);
    const [middle, most95, most] = [0.5, 0.95, 1].map((share) => Math.round(percentile(times, share)));
    return `${kind}: median ${middle}, 95th percentile ${most95}, most ${most} ms (${times.length})`;
  });
  return lines.join('\n');
}
