/** Three tabs, their lock and their channel, as values: a world can be kept, and played on in several ways. */
import { NEVER } from '../../../src/core/connection-state';
import { elect } from '../../../src/tabs/election';
import { type Body, message, type TabMessage } from '../../../src/tabs/protocol';
import { type ElectionEvent, type ElectionEvents, OUTSIDE, type Standing } from '../../../src/tabs/standing';

/** ms of the coarse steps in which time passes. */
export const STEP = 500;

/** ms after which a page that runs has heard what was said. */
const LATEST = 1_000;

/** What the lock tells a tab, and when it was told. */
interface LockNews {
  readonly event: 'granted' | 'stolen' | 'queried' | 'departed';
  readonly at: number;
  readonly about?: ElectionEvents['queried' | 'departed'] | undefined;
}

export interface ModelTab {
  readonly standing: Standing;
  /** How many pages have stood here. Each has an id of its own. */
  readonly life: number;
  readonly isThere: boolean;
  /** The page's thread is busy: nothing runs. */
  readonly isBlocked: boolean;
  /** The browser has frozen the page, with or without saying so: it hears its channel alone. */
  readonly isStill: boolean;
  readonly isVisible: boolean;
  /** When the tab last began to lead. */
  readonly ledAt: number;
  /** The leader whose end the tab is told of. */
  readonly watched: string | undefined;
  readonly channel: readonly TabMessage[];
  readonly locks: readonly LockNews[];
}

export interface ElectionWorld {
  readonly now: number;
  readonly tabs: readonly ModelTab[];
  /** Who has the lock or waits for it, in order. */
  readonly asked: readonly { readonly tab: number; readonly isHeld: boolean }[];
  /** How often a tab began to lead. */
  readonly leads: number;
  readonly newestTerm: number;
  /** How many commands leaders have carried out. */
  readonly acts: number;
  /** Which rule is broken. */
  readonly fault: string | undefined;
}

export type Deed = readonly [
  name:
    | 'open'
    | 'join'
    | 'leave'
    | 'hide'
    | 'crash'
    | 'crash and the lock is nobodys'
    | 'freeze'
    | 'freeze in silence'
    | 'thaw'
    | 'block'
    | 'unblock'
    | 'look'
    | 'send'
    | 'hear'
    | 'lock'
    | 'deadline'
    | 'time',
  tab: number,
];

const NOBODY: ModelTab = {
  standing: OUTSIDE,
  life: 0,
  isThere: false,
  isBlocked: false,
  isStill: false,
  isVisible: false,
  ledAt: 0,
  watched: undefined,
  channel: [],
  locks: [],
};

export const EMPTY: ElectionWorld = {
  now: 1_000_000,
  tabs: [NOBODY, NOBODY, NOBODY],
  asked: [],
  leads: 0,
  newestTerm: 0,
  acts: 0,
  fault: undefined,
};

export const isRunning = ({ isThere, isBlocked, isStill }: ModelTab): boolean => isThere && !isBlocked && !isStill;

const hears = ({ isThere, isBlocked }: ModelTab): boolean => isThere && !isBlocked;

export const idOf = (world: ElectionWorld, tab: number): string => `${tab}.${world.tabs[tab]?.life}`;

/** A world that is being changed. */
class Play {
  world: { -readonly [Key in keyof ElectionWorld]: ElectionWorld[Key] };

  constructor(before: ElectionWorld) {
    this.world = { ...before };
  }

  tab(index: number): ModelTab {
    return this.world.tabs[index] as ModelTab;
  }

  set(index: number, change: Partial<ModelTab>): void {
    this.world.tabs = this.world.tabs.map((tab, at) => (at === index ? { ...tab, ...change } : tab));
  }

  /** A lock needs a ms from one tab to another. */
  get epoch(): number {
    return this.world.now + this.world.leads;
  }

  breaks(rule: string): void {
    this.world.fault ??= rule;
  }

  tell(index: number, event: LockNews['event'], about?: LockNews['about']): void {
    if (!this.tab(index).isThere) return;
    const news = { event, at: this.world.now, ...(about && { about }) };
    this.set(index, { locks: [...this.tab(index).locks, news] });
  }

  grant(): void {
    const [first, ...rest] = this.world.asked;
    if (!first || first.isHeld) return;
    this.world.asked = [{ ...first, isHeld: true }, ...rest];
    this.tell(first.tab, 'granted');
  }

  release(index: number): void {
    this.world.asked = this.world.asked.filter(({ tab }) => tab !== index);
    this.set(index, {
      locks: this.tab(index).locks.filter(({ event }) => event === 'queried' || event === 'departed'),
    });
    this.grant();
  }

  request(index: number, steals: boolean): void {
    const own = { tab: index, isHeld: false };
    if (this.world.asked.some(({ tab }) => tab === index)) this.breaks('a tab asks for the lock twice');
    const holder = this.world.asked.find(({ isHeld }) => isHeld);
    if (steals && holder) {
      this.world.asked = this.world.asked.filter((one) => one !== holder);
      this.tell(holder.tab, 'stolen');
    }
    this.world.asked = steals ? [own, ...this.world.asked] : [...this.world.asked, own];
    this.grant();
  }

  post(index: number, body: Body): void {
    const said = message(idOf(this.world, index), this.tab(index).standing.term, this.epoch, body);
    this.world.tabs = this.world.tabs.map((tab, at) =>
      at === index || !tab.isThere || tab.standing.role === 'out' ? tab : { ...tab, channel: [...tab.channel, said] },
    );
  }

  lead(index: number): void {
    const { term } = this.tab(index).standing;
    this.world.leads += 1;
    if (term <= this.world.newestTerm) this.breaks('a later leader has a greater term');
    this.world.newestTerm = term;
    this.set(index, { ledAt: this.world.now });
    this.sayState(index);
  }

  sayState(index: number): void {
    this.post(index, { type: 'state', connection: 1, view: undefined as never });
  }

  raise<Event extends ElectionEvent>(index: number, event: Event, about: ElectionEvents[Event]): void {
    const { now } = this.world;
    const { standing: before, isVisible } = this.tab(index);
    const id = idOf(this.world, index);
    const moment = { id, now, epoch: this.epoch, random: (index + 1) / 10, visible: isVisible };
    const [standing, ...effects] = elect(before, moment, event, about);
    this.set(index, { standing });
    for (const [effect, body] of effects) {
      if (effect === 'request' || effect === 'steal') this.request(index, effect === 'steal');
      else if (effect === 'release') this.release(index);
      else if (effect === 'post') this.post(index, body);
      else if (effect === 'lead') this.lead(index);
      else if (effect === 'query') {
        const holder = this.world.asked.find(({ isHeld }) => isHeld)?.tab;
        const isAwaited = this.world.asked.some(({ isHeld }) => !isHeld);
        // The tab drops the answers that this question overtakes.
        this.set(index, { locks: this.tab(index).locks.filter(({ event }) => event !== 'queried') });
        this.tell(index, 'queried', { isHeld: holder !== undefined, isAwaited, isOwn: holder === index });
      }
    }
    this.watch(index);
    if (before.role !== 'out' && standing.role === 'out') this.depart(id);
    const did = (name: string): boolean => effects.some(([effect]) => effect === name);
    const [led, leads] = [before.role === 'leading', standing.role === 'leading'];
    if (did('lead') !== (leads && !led)) this.breaks('who begins to lead makes a connection');
    if (did('stepDown') !== (led && !leads)) this.breaks('who ceases to lead ends its connection');
    if (standing.term < before.term) this.breaks('a term only grows');
    if (standing.role === 'waiting' && standing.leader === id) this.breaks('nobody waits for itself');
    this.check(index);
  }

  /** A tab that waits is told of the end of the tab that leads. */
  watch(index: number): void {
    const { standing, watched: before, locks } = this.tab(index);
    const watched = standing.role === 'waiting' && !standing.isFrozen ? standing.leader : undefined;
    if (watched === before) return;
    this.set(index, { watched, locks: locks.filter(({ event }) => event !== 'departed') });
    const isThere = this.world.tabs.some((tab, at) => idOf(this.world, at) === watched && tab.standing.role !== 'out');
    if (watched !== undefined && !isThere) this.tell(index, 'departed', { id: watched });
  }

  /** A tab does not share any more. */
  depart(id: string): void {
    for (const [index, { watched }] of this.world.tabs.entries())
      if (watched === id) this.tell(index, 'departed', { id });
  }

  /** What holds between a tab and the lock. */
  check(index: number): void {
    const { standing, locks } = this.tab(index);
    const asks = this.world.asked.find(({ tab }) => tab === index);
    const isStolen = locks.some(({ event }) => event === 'stolen');
    const isAway = standing.role === 'out' || standing.isFrozen;
    if (isAway && asks) this.breaks('a page that is away neither has the lock nor waits for it');
    if (!isAway && !asks && !isStolen) this.breaks('a tab that shares has the lock or waits for it');
    if (['granted', 'leading'].includes(standing.role) && !asks?.isHeld && !isStolen)
      this.breaks('who leads has the lock');
  }

  hear(index: number): void {
    const [heard, ...channel] = this.tab(index).channel;
    if (!heard) return;
    this.set(index, { channel });
    this.raise(index, 'heard', heard);
    const { role, term } = this.tab(index).standing;
    if (role !== 'leading') return;
    if (heard.type === 'hello') this.sayState(index);
    if (heard.type !== 'send' || heard.term !== term) return;
    this.world.acts += 1;
    const holder = this.world.asked.find(({ isHeld }) => isHeld)?.tab ?? index;
    if (holder === index || this.tab(holder).standing.role !== 'leading') return;
    // What the next leader says may be on its way for as long as any news: no two leaders act for longer than that.
    const both = this.world.now - Math.max(this.tab(index).ledAt, this.tab(holder).ledAt);
    if (both > LATEST) this.breaks('a leader acts that was deposed');
  }

  hearLock(index: number): void {
    const [news, ...locks] = this.tab(index).locks;
    if (!news) return;
    this.set(index, { locks });
    this.raise(index, news.event, news.about as never);
  }

  /** The page is gone without a word. */
  crash(index: number, isNobodys: boolean): void {
    this.set(index, { ...NOBODY, life: this.tab(index).life });
    this.world.asked = this.world.asked.filter(({ tab }) => tab !== index);
    if (!isNobodys) this.grant();
    this.depart(idOf(this.world, index));
  }

  do([name, index]: Deed): void {
    const { isVisible, life } = this.tab(index);
    if (name === 'time') this.world.now += STEP;
    else if (name === 'hear') this.hear(index);
    else if (name === 'lock') this.hearLock(index);
    else if (name === 'deadline') this.raise(index, 'deadline', undefined);
    else if (name === 'send') this.post(index, { type: 'send', connection: 1, number: 1, data: '' });
    else if (name === 'block' || name === 'unblock') this.set(index, { isBlocked: name === 'block' });
    else if (name === 'freeze in silence') this.set(index, { isStill: true });
    else if (name === 'crash') this.crash(index, false);
    else if (name === 'crash and the lock is nobodys') this.crash(index, true);
    else if (name === 'join' || name === 'leave') this.raise(index, name, undefined);
    else if (name === 'open') {
      this.set(index, { isThere: true, isVisible: true, life: life + 1 });
      this.raise(index, 'join', undefined);
    } else if (name === 'hide') {
      this.raise(index, 'leave', undefined);
      this.raise(index, 'away', undefined);
      this.set(index, { channel: [] });
    } else if (name === 'freeze') {
      this.raise(index, 'freeze', undefined);
      this.set(index, { isStill: true });
    } else if (name === 'thaw') {
      this.set(index, { isStill: false });
      this.raise(index, 'resume', undefined);
    } else {
      this.set(index, { isVisible: !isVisible });
      this.raise(index, 'look', undefined);
    }
  }
}

/** What follows. */
export function play(world: ElectionWorld, deed: Deed): ElectionWorld {
  const next = new Play(world);
  next.do(deed);
  return next.world;
}

const isDue = (world: ElectionWorld, tab: ModelTab): boolean => isRunning(tab) && tab.standing.deadline <= world.now;

const mayPass = (world: ElectionWorld): boolean =>
  world.tabs.every((tab) => {
    if (!hears(tab)) return true;
    const oldest = Math.min(tab.channel[0]?.at ?? NEVER, isRunning(tab) ? (tab.locks[0]?.at ?? NEVER) : NEVER);
    return !isDue(world, tab) && world.now - oldest < LATEST;
  });

/** Everything that can happen. */
export function deedsOf(world: ElectionWorld): Deed[] {
  const deeds: Deed[] = mayPass(world) ? [['time', 0]] : [];
  for (const [index, tab] of world.tabs.entries()) {
    const can = (name: Deed[0], holds = true): void => {
      if (holds) deeds.push([name, index]);
    };
    const { role, leader } = tab.standing;
    can('open', !tab.isThere);
    if (!tab.isThere) continue;
    const holds = world.asked.some((one) => one.tab === index && one.isHeld);
    can('crash');
    can('crash and the lock is nobodys', holds && world.asked.length > 1);
    can('unblock', tab.isBlocked);
    if (tab.isBlocked) continue;
    can('block', !tab.isStill);
    can('hear', tab.channel.length > 0);
    can('thaw', tab.isStill);
    if (tab.isStill) continue;
    can('freeze');
    can('freeze in silence');
    can('lock', tab.locks.length > 0);
    can('deadline', tab.standing.deadline <= world.now);
    can('join', role === 'out');
    can('leave', role !== 'out');
    can('hide', role !== 'out');
    can('look');
    can('send', role === 'waiting' && leader !== undefined);
  }
  return deeds;
}

/** Lets everything come that can, in all tabs that hear, and what follows from it. */
export function settle(world: ElectionWorld): ElectionWorld {
  const next = new Play(world);
  for (let more = true; more; ) {
    more = false;
    for (const index of next.world.tabs.keys()) {
      while (hears(next.tab(index)) && next.tab(index).channel.length) {
        next.hear(index);
        more = true;
      }
      const tab = next.tab(index);
      if (isRunning(tab) && tab.locks.length) {
        next.hearLock(index);
        more = true;
      }
      if (isDue(next.world, next.tab(index))) {
        next.raise(index, 'deadline', undefined);
        more = true;
      }
    }
  }
  return next.world;
}

/** Lets time pass, and everything come. */
export function pass(world: ElectionWorld, ms: number): ElectionWorld {
  let next = settle(world);
  for (let left = ms; left > 0 && !next.fault; left -= STEP) next = settle(play(next, ['time', 0]));
  return next;
}
