/**
 * An engine on memory ports, with books kept from outside: what its sockets, messages and callbacks have been through.
 * All that depends on how an engine is made and talked to is in this file.
 */

import { createAtLeastOnce } from '../../../src/core/at-least-once';
import { createConnection } from '../../../src/core/connection';
import type { Connection, ConnectionListener, ConnectionView } from '../../../src/core/connection-types';
import { HINT_TIMEOUT } from '../../../src/core/next-state';
import { resolveOptions } from '../../../src/core/options';
import type { PageSignal } from '../../../src/core/ports';
import { createMemoryPorts, type MemoryPorts } from '../../../src/testing/memory-ports';
import type { MemorySocket } from '../../../src/testing/memory-socket';
import { AttemptBook } from './attempt-book';
import { BeatBook } from './beat-book';
import {
  BEAT,
  BYE,
  type Choice,
  type Deed,
  HIGH_WATER_MARK,
  type Hook,
  LOGIN,
  MAX_AGE,
  PING,
  PONG,
  TICK,
  TIMES,
} from './choice';
import { ForeignCode } from './foreign-code';
import { HeldPromise, type Preparation } from './held-promise';
import { MessageBook } from './message-book';
import { OneTimerClock } from './one-timer-clock';
import { ProvenBook } from './proven-book';
import { WishBook } from './wish-book';

export type View = ConnectionView;

/** One socket's life. */
export interface Life {
  readonly socket: MemorySocket;
  /** The handlers that it had first: a late event may still reach them. */
  readonly handlers: Pick<MemorySocket, 'onopen' | 'onclose' | 'onerror' | 'onmessage'>;
  connected: number;
  disconnected: number;
}

export interface Handshake {
  readonly promise: HeldPromise;
  readonly giveUp: () => void;
  settled: boolean;
}

const URLS = ['ws://a/', 'ws://b/'] as const;

/** The codes of an attempt that failed by what it threw. */
const RESTING = new Set(['idle', 'closed', 'failed']);
const THREW = new Set(['before-connect', 'handshake', 'constructor', 'url', 'gave-up', 'retries']);

export class World {
  readonly choice: Choice;
  readonly clock = new OneTimerClock();
  readonly ports: MemoryPorts = createMemoryPorts(() => this.clock.now());
  readonly connection: Connection;
  readonly lives: Life[] = [];
  readonly preparations: Preparation[] = [];
  /** The handshakes of the application, and what would end each connection for good. */
  readonly handshakes: Handshake[] = [];
  /** Messages that came during the handshake that is under way. */
  unread = 0;
  /** Since when nobody sees the page. */
  hiddenSince = -Infinity;
  readonly faults: string[] = [];
  readonly messages: MessageBook;
  readonly beats: BeatBook;
  readonly attempt = new AttemptBook();
  readonly wishes = new WishBook();
  readonly foreign = new ForeignCode();
  /** When a connection that drains is closed at the latest. */
  drainsUntil = -Infinity;
  url: string | undefined = URLS[0];
  /** When the page was last left. */
  hiddenAt = Infinity;
  /** The last url there was. */
  knownUrl: string = URLS[0];

  /** Before this event `beforeConnect` was at work for another url. */
  wasOutdated = false;
  #seen: View;

  // What came of the event that is going on.
  attempts = 0;
  received = 0;
  /** How often the connection tried to answer a ping of the server. */
  pongs = 0;
  /** How often it gave up, and how often `onFailed` said so. */
  gaveUp = 0;
  failed = 0;

  constructor(choice: Choice) {
    this.choice = choice;
    const { heartbeat, retries, limit, beforeConnect, also, proof } = choice;
    const fault = (rule: string): unknown => this.faults.push(rule);
    this.beats = new BeatBook(also === 'server');
    this.clock.fired = () => this.isOpen && this.beats.fired(this.now);
    this.messages = proof ? new ProvenBook(fault) : new MessageBook(fault);
    const settings = { ackWithin: TIMES.ackWithin, ack: undefined, id: undefined, storage: undefined };
    const delivery = proof ? createAtLeastOnce(settings) : undefined;
    const { ports, clock } = this;
    const message = (): unknown => {
      if (also === 'server') this.faults.push('a server that sends the heartbeats is sent one');
      this.beats.beat(this.now);
      return BEAT;
    };
    const beats = also === 'server' ? 'server' : undefined;
    const end = { code: 1012, reason: '' };
    const control = (data: unknown) => (data === PING ? { reply: PONG } : data === BYE ? { end } : undefined);
    const own = also === 'control' ? () => ({ message, responseMessage: BEAT, control }) : heartbeat;
    const given = {
      ...TIMES,
      ...{
        heartbeat: own,
        heartbeatOf: typeof own === 'function' && own,
        beats,
        control: also === 'server' ? control : undefined,
      },
      ...{ retries, limit, highWaterMark: HIGH_WATER_MARK, maxAge: also === 'age' ? MAX_AGE : undefined },
    };
    const closeAfter = also === 'page' ? TIMES.closeAfter : undefined;
    ports.isPrerendering = also === 'page';
    this.connection = createConnection(
      { ...ports, clock, transport: { ...ports.transport, connect: (...to) => this.#construct(...to) } },
      {
        ...resolveOptions({ ...given, whenHidden: closeAfter, delivery }, (source) => source),
        handshake: also === 'handshake' ? ({ send, giveUp }) => this.#shake(send, giveUp) : undefined,
        url: () => this.url,
        protocols: () => [],
        beforeConnect: beforeConnect === 'none' ? undefined : ({ signal }) => this.#prepare(signal),
        message,
        viewChanged: () => this.#look(),
        received: () => {
          this.received += 1;
        },
        unhandled: (error) => this.foreign.told(error),
        within: (run) => run(),
      },
    );
    this.connection.listeners.add(this.#listener());
    this.#seen = this.connection.view();
  }

  /** Brought up to date with each event of the connection, before anybody hears of it. */
  get view(): View {
    return this.#seen;
  }

  get now(): number {
    return this.clock.now();
  }

  /** Each time that was too short is doubled, up to minutes. What follows the second doubling is no other than what follows the first. */
  get isNear(): boolean {
    return this.beats.unanswered < 2 && this.attempt.timeouts < 2;
  }

  get isOpen(): boolean {
    return this.view.status === 'OPEN';
  }

  /** The socket that counts. */
  get current(): Life | undefined {
    const newest = this.lives.at(-1);
    if (newest?.socket !== this.view.ws || this.view.status === 'CLOSED') return undefined;
    return newest && newest.socket.readyState < 3 ? newest : undefined;
  }

  /** The newest socket that does not count any more. */
  get old(): Life | undefined {
    return this.lives.at(this.current ? -2 : -1);
  }

  /** The `beforeConnect` that the attempt waits for. */
  get preparing(): Preparation | undefined {
    const newest = this.preparations.at(-1);
    return newest && !newest.settled && this.view.phase === 'connecting' ? newest : undefined;
  }

  /** The handshake that the attempt waits for. */
  get shaking(): Handshake | undefined {
    const newest = this.handshakes.at(-1);
    const isOpen = this.current?.socket.readyState === 1 || this.current?.socket.readyState === 2;
    return newest && !newest.settled && this.view.phase === 'connecting' && isOpen ? newest : undefined;
  }

  /** Those that were given up before they were done. */
  get stalePreparations(): Preparation[] {
    const { preparing } = this;
    return this.preparations.filter((preparation) => !preparation.settled && preparation !== preparing);
  }

  get otherUrl(): string {
    return this.knownUrl === URLS[0] ? URLS[1] : URLS[0];
  }

  /** Plays one event, during which foreign code does these deeds. */
  happen(event: (world: World) => void, deeds: readonly (readonly [Hook, Deed])[]): void {
    this.faults.length = 0;
    this.attempts = this.received = this.gaveUp = this.failed = this.pongs = 0;
    this.wishes.commands.clear();
    this.messages.isGreeting = false;
    this.wasOutdated = !!this.preparing && this.preparing.url !== this.url;
    this.foreign.starts(deeds);
    this.beats.starts(false);
    this.attempt.starts(this.now, false);
    const { error } = this.connection.view();
    try {
      event(this);
      // The task in which an attempt threw ends before anything else can happen. The next attempt may throw as well.
      for (let task = 0; task < 5 && this.#mustYield(error); task += 1) this.clock.fire();
    } catch (thrown) {
      this.faults.push(`what is thrown escapes: ${thrown}`);
    }
    this.#look();
    if (!this.isOpen) this.messages.ended();
    if (this.foreign.isUntold) this.faults.push('rule 6: what user code throws is not reported');
  }

  #mustYield(before: unknown): boolean {
    const { error, phase } = this.connection.view();
    const hasThrown = error !== before && THREW.has(`${error?.code}`);
    return this.clock.dueIn() === 0 && (hasThrown || RESTING.has(phase));
  }

  open(): void {
    this.wishes.open(this.url);
    this.connection.open();
  }

  close(): void {
    this.wishes.close('close');
    this.connection.close(1000);
  }

  drain(): void {
    this.wishes.commands.add('drain');
    this.drainsUntil = this.now + TIMES.drain;
    this.connection.drain(TIMES.drain);
  }

  leave(): void {
    this.wishes.close('leave');
    this.connection.leave();
  }

  changeUrl(url: string | undefined): void {
    this.url = url;
    this.knownUrl = url ?? this.knownUrl;
    this.wishes.changeUrl(url, !!this.preparing);
    this.connection.changeUrl();
  }

  send(useBuffer: boolean): void {
    const { isToChange } = this.wishes;
    const isTaken = this.current?.socket.readyState === 1 && !isToChange;
    if (useBuffer && !isTaken) this.wishes.keep(this.url);
    const wasTaken = this.messages.give((data) => this.connection.send(data, useBuffer), this.url, useBuffer, this.now);
    if (wasTaken && isToChange) this.faults.push('what is sent goes to a socket that is to end');
    this.wishes.commands.add('send');
  }

  setActive(isActive: boolean): void {
    this.wishes.setAway('component', !isActive, true);
    this.connection[isActive ? 'activate' : 'deactivate']();
  }

  signal(signal: PageSignal): void {
    this.beats.starts(true);
    this.wasOutdated = false;
    const isHeard = this.ports.listening() > 0;
    if (/^page/.test(signal)) this.wishes.setAway('page', signal === 'pagehide', isHeard);
    if (signal === 'pagehide') this.hiddenAt = this.now;
    const isLook = ['visibilitychange', 'resume', 'networkchange'].includes(signal);
    if (signal === 'hidden' && this.ports.isVisible) this.hiddenSince = this.now;
    if (signal === 'hidden' || signal === 'visibilitychange') this.ports.isVisible = signal !== 'hidden';
    if (signal === 'prerenderingchange') this.wishes.setAway('page', false, isHeard);
    const isShow = ['pageshow', 'prerenderingchange', 'visibilitychange', 'resume'].includes(signal);
    if (isShow && this.ports.isVisible) this.wishes.setAway('sight', false, isHeard);
    this.attempt.starts(this.now, isLook && this.view.phase === 'connecting');
    const isNetwork = ['online', 'offline', 'networkchange'].includes(signal);
    const isWake = isNetwork || ['visibilitychange', 'resume'].includes(signal);
    if (isWake && isHeard && this.isOpen) this.beats.woke(this.now, isNetwork);
    this.ports.signal(signal);
  }

  accept(): void {
    this.beats.opened(this.now);
    this.current?.socket.accept();
  }

  say(data: unknown): void {
    this.beats.heard(this.now, true);
    if (this.shaking && data !== BEAT && data !== PING && data !== BYE) this.unread += 1;
    if (this.isOpen) this.messages.heard(this.now);
    if (this.isOpen && data === BEAT) this.messages.answered();
    this.current?.socket.say(data);
  }

  pass(ms: number): void {
    if (!this.clock.pass(ms)) this.faults.push('timers fire without end');
  }

  /** The timer fires, however late. */
  fire(): void {
    if ((this.clock.dueIn() ?? 0) < -TICK) {
      this.beats.firedLate(this.now);
      this.attempt.lateTimers += 1;
    }
    this.clock.fire();
  }

  #listener(): ConnectionListener {
    return {
      onConnected: (socket) => {
        this.#lifeOf(socket).connected += 1;
        this.messages.isGreeting = true;
        this.#run('onConnected');
      },
      onDisconnected: (socket) => {
        this.#lifeOf(socket).disconnected += 1;
        this.#run('onDisconnected');
      },
      onError: (_, event) => {
        this.foreign.told((event as { error?: unknown }).error);
        this.#run('onError');
      },
      onMessage: () => this.#run('onMessage'),
      onSend: () => this.#run('onSend'),
      onDropped: (data, reason) => {
        if (reason === 'unproven') this.messages.named(data as number);
        else this.messages.dropped(data as number);
        this.#run('onDropped');
      },
      onDelivered: (data) => {
        this.messages.delivered(data as number);
        this.#run('onDelivered');
      },
      onFailed: () => {
        this.failed += 1;
        this.#run('onFailed');
      },
    };
  }

  #lifeOf(socket: unknown): Life {
    return this.lives.findLast((life) => life.socket === socket) as Life;
  }

  #construct(...to: Parameters<MemoryPorts['transport']['connect']>): MemorySocket {
    if (this.choice.beforeConnect === 'none') this.#attempted();
    if (this.ports.live().length) this.faults.push('rule 1: a socket is made while another one lives');
    this.#run('new WebSocket');
    const socket = this.ports.transport.connect(...to) as MemorySocket;
    const { send, close } = socket;
    socket.close = (...args) => {
      // Only a code or reason can be refused.
      if (args[0] !== undefined) this.#run('socket.close');
      close.apply(socket, args);
    };
    socket.send = (data: unknown) => {
      this.beats.sentAt = this.now;
      this.pongs += Number(data === PONG);
      const isReady = data === LOGIN || data === PONG || this.current?.connected;
      if (socket.readyState !== 1 || !isReady) this.faults.push('it sends too early or too late');
      try {
        this.#run('socket.send');
      } catch (thrown) {
        // A beat that was never sent proves nothing by staying unanswered: the engine takes that for a sign of life.
        if (data === BEAT) this.beats.heard(this.now);
        else if (data !== PONG) this.messages.refused(data as number);
        throw thrown;
      }
      send.call(socket, data as never);
      if (data === BEAT) this.messages.beat();
      else if (data !== LOGIN && data !== PONG) this.messages.sent(data as number, socket.url, this.now);
    };
    return socket;
  }

  #prepare(signal: unknown): PromiseLike<undefined> | undefined {
    this.#attempted();
    this.#run('beforeConnect');
    if (this.choice.beforeConnect !== 'async') return undefined;
    const promise = new HeldPromise();
    this.preparations.push({ promise, signal: signal as Preparation['signal'], url: this.url, settled: false });
    return promise as PromiseLike<undefined>;
  }

  /** The socket has this many bytes to send. */
  fill(bytes: number): void {
    const { socket } = this.current ?? {};
    if (!socket) return;
    if (bytes < socket.bufferedAmount) this.beats.drainedAt = this.now;
    socket.bufferedAmount = bytes;
  }

  #shake(send: (data: unknown) => void, giveUp: () => void): PromiseLike<undefined> {
    send(LOGIN);
    const promise = new HeldPromise();
    this.unread = 0;
    this.handshakes.push({ promise, giveUp, settled: false });
    return promise as PromiseLike<undefined>;
  }

  #attempted(): void {
    this.attempts += 1;
    if (this.ports.isPrerendering) this.faults.push('it connects on a prerendered page');
    if (this.ports.isVisible) this.wishes.setAway('sight', false, true);
    // A page whose timers still run after 30 s is there.
    if (this.now - this.hiddenAt >= HINT_TIMEOUT) this.wishes.setAway('page', false, true);
    this.attempt.started(this.now, this.ports.isVisible);
    if (!this.wishes.attempt(this.url, this.wasOutdated)) this.faults.push('it connects though it is put away');
  }

  /** Writes down what has become of the connection since it was last looked at. */
  #look(): void {
    const before = this.#seen;
    const view = this.connection.view();
    this.#seen = view;
    const { phase, ws, error } = view;
    this.foreign.shown(error);
    // Who rests without a wish has nothing to give up when the url goes away.
    const isUnset = phase === 'idle' && !this.url && this.ports.listening() > 0;
    const isHiddenForLong = !this.ports.isVisible && this.now - this.hiddenSince >= TIMES.closeAfter;
    if (phase === 'idle' && before.phase !== 'idle' && isHiddenForLong && !this.wishes.away.size)
      this.wishes.setAway('sight', true, true);
    if (phase === 'closed' || phase === 'left' || isUnset) this.wishes.bufferUrl = undefined;
    if (before.status === 'OPEN' && this.beats.hasStood(this.now)) this.wishes.retried = 0;
    if (before.status === 'OPEN' && view.status !== 'OPEN') this.beats.lost(error?.code === 'silence');
    if (before.phase === 'connecting' && /open|waiting|offline/.test(phase))
      this.attempt.ended(this.now, phase === 'open');
    if (before.phase === 'connecting' && phase !== 'connecting') this.wishes.attempted(phase, this.wasOutdated);
    // Attempts made while the browser says that there is no network do not count.
    if (phase === 'connecting' && before.phase === 'waiting') this.wishes.retry();
    // A drain closes it by itself.
    if (phase === 'closed' && before.phase !== phase && !this.wishes.asked) this.wishes.wanted = false;
    if (phase === 'failed' && before.phase !== phase) {
      this.wishes.wanted = false;
      this.gaveUp += 1;
    }
    if (ws?.onopen && this.lives.at(-1)?.socket !== ws)
      this.lives.push({ socket: ws as MemorySocket, handlers: { ...ws }, connected: 0, disconnected: 0 });
  }

  #run(hook: Hook): void {
    const deed = this.foreign.run(hook);
    if (deed === 'open' || deed === 'leave' || deed === 'drain') this[deed]();
    else if (deed?.startsWith('close')) this.close();
    else if (deed?.startsWith('changeUrl')) this.changeUrl(this.otherUrl);
    if (deed?.endsWith('send')) this.send(true);
  }
}
