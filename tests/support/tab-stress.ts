/** Tabs that are opened, closed, navigated away, brought back, reloaded, frozen, thawed and crashed, in any order and also two at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../soak/chance.ts';
import { bringBack, isConnected, type Loss, lose, prepare, type SharingTab, type SharingTabs } from './sharing-tabs.ts';

export interface Stress {
  /** How often each operation was carried out. */
  readonly counts: Readonly<Record<string, number>>;
  /** ms without a socket while a page was there that could have one: each such time, by the server's log. */
  readonly gaps: readonly number[];
  /** The tabs that are there at the end. */
  readonly tabs: readonly SharingTab[];
}

const MOST_TABS = 5;
const PATIENCE = 20_000;

/** A tab that is not on the screen, and how it was lost. */
type Away = Map<SharingTab, Loss>;

export async function stress(rig: SharingTabs, chance: Chance, operations: number): Promise<Stress> {
  const counts: Record<string, number> = {};
  const away: Away = new Map();
  const here = new Set<SharingTab>(await rig.openMany(MOST_TABS));
  /** When there was a page again after there was none. */
  const someSince: number[] = [0];

  const pick = (from: Iterable<SharingTab>): SharingTab | undefined => {
    const all = [...from];
    return all[Math.floor(chance() * all.length)];
  };
  const isHere = (tab: SharingTab): void => {
    if (!here.size) someSince.push(performance.now());
    here.add(tab);
  };
  const comeBack = async (tab: SharingTab): Promise<void> => {
    const loss = away.get(tab) as Loss;
    away.delete(tab);
    await bringBack(tab, loss);
    isHere(tab);
  };
  const goAway = async (tab: SharingTab, loss: Loss): Promise<void> => {
    here.delete(tab);
    await prepare(tab, loss);
    await lose(tab, loss);
    if (loss === 'crashed') await tab.page.close();
    else if (loss !== 'closed') away.set(tab, loss);
  };
  const operate = async (): Promise<void> => {
    const roll = chance();
    const returning = pick(away.keys());
    const leaving = pick(here);
    const note = (what: string): void => {
      counts[what] = (counts[what] ?? 0) + 1;
    };
    if (here.size + away.size < MOST_TABS && (roll < 0.4 || !leaving)) {
      note('open');
      isHere(await rig.open());
    } else if (returning && (roll < 0.6 || !leaving)) {
      note(away.get(returning) === 'cached' ? 'back' : 'thaw');
      await comeBack(returning);
    } else if (leaving && roll > 0.9) {
      note('reload');
      here.delete(leaving);
      await leaving.page.reload();
      isHere(leaving);
    } else if (leaving) {
      const losses: Loss[] = ['cached', 'frozen', 'cached', 'frozen', 'closed', 'crashed'];
      const loss = losses[Math.floor(chance() * losses.length)] as Loss;
      note(loss);
      await goAway(leaving, loss);
    }
  };

  /** Waits for a socket if any page can have one. */
  const settle = async (): Promise<void> => {
    const since = performance.now();
    while (here.size && !rig.server.live.length) {
      if (performance.now() - since > PATIENCE) throw new Error('no tab leads');
      await sleep(2);
    }
  };

  const total = (): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
  while (total() < operations) {
    await (chance() < 0.3 ? Promise.all([operate(), operate()]) : operate());
    if (chance() < 0.5) await settle();
    else await sleep(chance() * 50);
  }
  await settle();
  for (const tab of [...away.keys()]) await comeBack(tab);
  await Promise.all([...here].map(({ page }) => isConnected(page)));
  const { sockets } = rig.server;
  const gaps = sockets.slice(1).map(({ openedAt }, i) => {
    const lostAt = Math.max(...sockets.slice(0, i + 1).map(({ closedAt }) => closedAt));
    const some = Math.max(...someSince.filter((at) => at < openedAt));
    return Math.max(0, openedAt - Math.max(lostAt, some));
  });
  return { counts, gaps, tabs: [...here] };
}
