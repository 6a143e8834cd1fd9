/** A walk over tabs that share a connection, and a server: what happens is chosen by numbers, and the rules are checked after each step. */
import type { MemorySocket } from '../../../src/testing/memory-socket';
import type { TabNews } from '../../../src/testing/memory-tabs';
import { createWorld, type SharingTab, type TabOptions, type World } from '../../support/tabs';

/** News of a lock overtake only what was said so short a time (ms) before. */
const OVERTAKES = 20;

/** The most tabs at a time. */
const MOST = 3;

interface WalkTab {
  readonly name: string;
  readonly shared: SharingTab;
  readonly given: string[];
  /** The page is there, and its connection is not left. */
  isThere: boolean;
  isHidden: boolean;
  isFrozen: boolean;
}

/** What happens, in words, and how often it happens beside the others. */
type Choice = readonly [weight: number, what: string, run: () => void];

/** Something that the server's socket has for a page. */
interface Wire {
  readonly tab: WalkTab;
  run(): void;
}

export class RelayWalk {
  readonly world: World = createWorld();
  readonly tabs: WalkTab[] = [];
  /** What happened, for whoever reads a failure. */
  readonly path: string[] = [];
  /** What the server has got, in order, and by which tab. */
  readonly heard: { readonly value: string; readonly by: WalkTab }[] = [];
  private wires: Wire[] = [];
  private readonly counted = new Map<MemorySocket, number>();
  private readonly answered = new Map<MemorySocket, number>();
  private readonly saidAt = new WeakMap<TabNews, number>();
  private said = 0;

  private readonly options: TabOptions;
  private readonly isProven: boolean;
  /**
   * News of a lock never come before news of the channel that are older, which may be late. Otherwise they may come before what was said
   * shortly before, and the channel is fast: as in Chromium, where the lock is first in one of eight cases.
   */
  private readonly isFair: boolean;

  constructor(options: TabOptions, isProven: boolean, isFair: boolean) {
    this.options = options;
    this.isProven = isProven;
    this.isFair = isFair;
  }

  private broken(rule: string): never {
    const tabs = this.tabs.map(({ name, shared, given, isThere }) => {
      const { phase, pending, isLeader } = shared.view;
      return { name, isThere, phase, pending, isLeader, given, got: shared.received, dropped: shared.dropped };
    });
    const state = JSON.stringify({ heard: this.heard.map(({ value, by }) => `${value} by ${by.name}`), tabs }, null, 1);
    throw new Error(`${rule}\n${this.path.join('\n')}\n${state}`);
  }

  private hold(rule: string, holds: boolean): void {
    if (!holds) this.broken(rule);
  }

  private isRunning({ isThere, isFrozen, shared }: WalkTab): boolean {
    return isThere && !isFrozen && !shared.tab.isBlocked;
  }

  private ownerOf(socket: MemorySocket): WalkTab {
    return this.tabs.find(({ shared }) => shared.ports.sockets.includes(socket)) as WalkTab;
  }

  private live(): MemorySocket[] {
    return this.world.live.filter((socket) => this.ownerOf(socket).isThere);
  }

  /** The server says or does something: the page notices later. */
  private wire(socket: MemorySocket, run: () => void): void {
    this.wires.push({ tab: this.ownerOf(socket), run });
  }

  private open(): void {
    const name = `t${this.tabs.length}`;
    const shared = this.world.open(this.options);
    shared.tab.listen((signal) => {
      tab.isFrozen = signal === 'freeze';
    });
    const tab: WalkTab = { name, shared, given: [], isThere: true, isHidden: false, isFrozen: false };
    this.tabs.push(tab);
  }

  private end(tab: WalkTab, crashes: boolean): void {
    tab.isThere = false;
    if (crashes) tab.shared.crash();
    else tab.shared.connection.leave();
    this.wires = this.wires.filter((one) => one.tab !== tab);
  }

  private resume(tab: WalkTab): void {
    // What came meanwhile is lost.
    this.wires = this.wires.filter((one) => one.tab !== tab);
    tab.shared.tab.signal('resume');
    tab.shared.ports.signal('resume');
  }

  private send(tab: WalkTab): void {
    const value = `${tab.name}-${tab.given.length}`;
    tab.given.push(value);
    tab.shared.connection.send(value);
  }

  private answer(socket: MemorySocket): void {
    const pings = socket.sent.filter((one) => one === 'ping').length;
    for (let count = this.answered.get(socket) ?? 0; count < pings; count += 1)
      this.wire(socket, () => socket.say('pong'));
    this.answered.set(socket, pings);
  }

  private say(): void {
    const socket = this.live()
      .filter(({ readyState }) => readyState === 1)
      .at(-1);
    if (!socket) return;
    this.said += 1;
    const value = this.said;
    this.wire(socket, () => socket.say(value));
  }

  private accept(socket: MemorySocket): void {
    this.wire(socket, () => {
      if (socket.readyState === 0) socket.accept();
    });
  }

  /** What each tab may hear next. */
  private news(): TabNews[] {
    const { news } = this.world.tabs;
    return news.filter((one, at) => {
      const tab = this.tabs[one.tab] as WalkTab;
      if (tab.shared.tab.isBlocked || (tab.isFrozen && one.kind === 'lock')) return false;
      const before = news.slice(0, at).filter((other) => other.tab === one.tab);
      if (before.some(({ kind }) => kind === one.kind)) return false;
      // A page that was blocked hears first what had reached it first.
      const isLater = before.some((other) => this.isFair || this.timeOf(one) - this.timeOf(other) > OVERTAKES);
      return !(one.kind === 'lock' && isLater);
    });
  }

  private timeOf(news: TabNews): number {
    return this.saidAt.get(news) ?? this.world.clock.now();
  }

  private nextWires(): Wire[] {
    const first = (one: Wire): boolean => this.wires.find(({ tab }) => tab === one.tab) === one;
    return this.wires.filter((one) => this.isRunning(one.tab) && first(one));
  }

  private come(wire: Wire): void {
    this.wires = this.wires.filter((one) => one !== wire);
    wire.run();
  }

  private choices(): Choice[] {
    const { clock, tabs } = this.world;
    const there = this.tabs.filter(({ isThere }) => isThere);
    const sockets = this.live();
    const choices: Choice[] = [[4, 'the server says', () => this.say()]];
    if (this.isFair || !this.news().some(({ kind }) => kind === 'channel')) {
      choices.push([6, 'time 100', () => clock.advance(100)], [4, 'time 500', () => clock.advance(500)]);
    }
    if (there.length < MOST) choices.push([there.length ? 2 : 20, 'open', () => this.open()]);
    const come = (one: TabNews): void => {
      // Two tabs never get the lock within the same ms.
      if (one.kind === 'lock') clock.advance(1);
      tabs.come(one);
    };
    for (const one of this.news()) choices.push([12, `t${one.tab} hears (${one.kind})`, () => come(one)]);
    for (const one of this.nextWires()) choices.push([12, `${one.tab.name} hears the server`, () => this.come(one)]);
    for (const [at, socket] of sockets.entries()) {
      if (socket.readyState === 0) choices.push([15, `accept ${at}`, () => this.accept(socket)]);
      else choices.push([1, `end ${at}`, () => this.wire(socket, () => socket.readyState < 3 && socket.end(1011))]);
      choices.push([4, `answer ${at}`, () => this.answer(socket)]);
    }
    for (const tab of there) choices.push(...this.ofTab(tab));
    return choices;
  }

  private ofTab(tab: WalkTab): Choice[] {
    const { shared, name, isHidden, isFrozen } = tab;
    const choices: Choice[] = [[0.3, `${name} crashes`, () => this.end(tab, true)]];
    const { isBlocked } = shared.tab;
    if (isBlocked) return [...choices, [3, `${name} runs`, () => Object.assign(shared.tab, { isBlocked: false })]];
    if (isFrozen) return [...choices, [3, `${name} thaws`, () => this.resume(tab)]];
    const isVisible = shared.ports.isVisible;
    const signals = (): void => shared.ports.signal(isVisible ? 'hidden' : 'visibilitychange');
    choices.push(
      [8, `${name} sends`, () => this.send(tab)],
      [0.5, `${name} is blocked`, () => Object.assign(shared.tab, { isBlocked: true })],
      [0.5, `${name} is frozen`, () => shared.tab.signal('freeze')],
      [0.3, `${name} leaves`, () => this.end(tab, false)],
      [0.2, `${name} opens anew`, () => shared.connection.open()],
      [0.7, isVisible ? `${name} is not looked at` : `${name} is looked at`, signals],
    );
    if (isHidden) choices.push([3, `${name} comes back`, () => this.show(tab)]);
    else choices.push([0.5, `${name} is cached`, () => this.hide(tab)]);
    return choices;
  }

  private hide(tab: WalkTab): void {
    tab.isHidden = true;
    tab.shared.hide();
  }

  private show(tab: WalkTab): void {
    tab.isHidden = false;
    tab.shared.show();
  }

  /** Callbacks of promises run, and the pages that run do what they are late with. */
  private async rest(): Promise<void> {
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  }

  async step(choice: number): Promise<void> {
    const choices = this.choices();
    const all = choices.reduce((sum, [weight]) => sum + weight, 0);
    let at = choice * all;
    const chosen = choices.find(([weight]) => {
      at -= weight;
      return at < 0;
    });
    if (!chosen) return;
    this.path.push(chosen[1]);
    chosen[2]();
    this.world.wake();
    await this.rest();
    this.check();
  }

  /** What reached the server in this step. */
  private collect(): void {
    for (const socket of this.world.sockets) {
      const by = this.ownerOf(socket);
      const from = this.counted.get(socket) ?? 0;
      this.counted.set(socket, socket.sent.length);
      for (const value of socket.sent.slice(from) as string[]) {
        if (value === 'ping' || value === 'HeartBeat') continue;
        const isOwn = value.startsWith(`${by.name}-`);
        this.hold(`${value}: a deposed leader carries out nothing`, isOwn || by.shared.view.isLeader === true);
        this.heard.push({ value, by });
      }
    }
  }

  private times(value: string): number {
    return this.heard.filter((one) => one.value === value).length;
  }

  private check(): void {
    this.collect();
    const { news } = this.world.tabs;
    for (const one of news) if (!this.saidAt.has(one)) this.saidAt.set(one, this.world.clock.now());
    const settled = this.tabs.filter((tab) => this.isRunning(tab) && !news.some((one) => this.tabs[one.tab] === tab));
    const live = this.live().filter((socket) => settled.includes(this.ownerOf(socket)));
    this.hold('one socket in pages that run', live.length <= 1);
    for (const { shared, given, isThere, name } of this.tabs) {
      const numbers = shared.received as number[];
      this.hold(
        `${name} gets each message once, in order`,
        numbers.every((one, at) => !at || one > (numbers[at - 1] ?? 0)),
      );
      this.hold('nothing is thrown', !shared.unhandled.length);
      if (!this.isProven) for (const value of given) this.hold(`${value} comes once`, this.times(value) <= 1);
      if (!isThere) continue;
      const { dropped, delivered } = shared;
      this.hold('a message is dropped once', new Set(dropped).size === dropped.length);
      this.hold('a message is delivered once', new Set(delivered).size === delivered.length);
      const isOver = (value: string): boolean =>
        dropped.some((one) => one.startsWith(`${value} `)) ||
        (this.isProven ? delivered.includes(value) : this.times(value) > 0);
      const open = given.filter((value) => !isOver(value));
      this.hold(`${name} keeps what it does not know the fate of`, open.length <= shared.view.pending);
      if (!this.isProven) continue;
      this.hold('nothing is dropped', !dropped.length);
      for (const value of delivered) this.hold('what is delivered came', this.times(`${value}`) > 0);
    }
  }

  /** All pages run, the server accepts and answers, and time passes. */
  private async quiet(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      for (const socket of this.live()) {
        if (socket.readyState === 0) this.accept(socket);
        this.answer(socket);
      }
      for (let next = this.nextWires(); next.length; next = this.nextWires()) {
        for (const one of next) {
          this.come(one);
          this.collect();
        }
        await this.rest();
        this.collect();
      }
      await this.world.pass(100);
      this.check();
    }
  }

  async over(): Promise<void> {
    for (const tab of this.tabs.filter(({ isThere }) => isThere)) {
      if (tab.isFrozen) this.resume(tab);
      tab.shared.tab.isBlocked = false;
      if (tab.isHidden) this.show(tab);
      if (!tab.shared.ports.isVisible) tab.shared.ports.signal('visibilitychange');
    }
    this.path.push('quiet');
    await this.quiet(10_000);
    const there = this.tabs.filter(({ isThere }) => isThere);
    if (!there.length) return;
    this.hold(
      'all tabs are open',
      there.every(({ shared }) => shared.view.phase === 'open'),
    );
    this.hold('one tab leads', there.filter(({ shared }) => shared.view.isLeader).length === 1);
    this.hold('there is one socket', this.live().length === 1);
    const before = this.said;
    for (let count = 0; count < 3; count += 1) this.say();
    for (const tab of there) this.send(tab);
    await this.quiet(3_000);
    for (const { shared, given, name } of there) {
      this.hold(
        `${name} gets what the server says`,
        shared.received.slice(-3).join() === [1, 2, 3].map((one) => before + one).join(),
      );
      this.hold(`nothing is kept in ${name}`, shared.view.pending === 0);
      this.hold(`${name} sends`, this.times(given.at(-1) as string) > 0);
      if (!this.isProven) continue;
      this.hold(`all of ${name} is delivered`, shared.delivered.length === given.length);
      this.hold(
        `all of ${name} came`,
        given.every((value) => this.times(value) > 0),
      );
      const first = given.map((value) => this.heard.findIndex((one) => one.value === value));
      this.hold(
        `${name} keeps its order`,
        first.every((one, at) => !at || one > (first[at - 1] ?? 0)),
      );
    }
  }

  /** How much happened. */
  figures(): { leads: number; heard: number; tabs: number } {
    const leads = this.tabs.flatMap(({ shared }) => shared.log.filter((one) => one === 'leads')).length;
    return { leads, heard: this.heard.length, tabs: this.tabs.length };
  }
}
