/** One tab: carries out what the election decides, and has the link, and the hub while it leads. */
import { createDeadlineTimer } from '../core/deadline-timer.js';
import type { CloseInfo } from '../core/ports.js';
import type { TabLock } from '../core/tab-ports.js';
import { createCommands } from './commands.js';
import { createDraining } from './draining.js';
import { elect } from './election.js';
import type { Hub } from './hub.js';
import { createTurns } from './in-turn.js';
import { type Body, type Command, isTabMessage, message, type TabMessage } from './protocol.js';
import { type ElectionEffect, type ElectionEvent, type ElectionEvents, OUTSIDE, type Standing } from './standing.js';
import { createOwnChannel } from './tab-channel.js';
import { createLeaderWatch, createLeadLock, createLockQuery, createTabWatch, holdOwnLock } from './tab-locks.js';
import type { Tab, TabOptions } from './tab-types.js';

export const LEFT: CloseInfo = { code: 1000, reason: '', wasClean: true };

const STEPPED_DOWN: CloseInfo = { code: 1000, reason: 'another tab leads', wasClean: true };

const isFor = (tab: string, body: Body): boolean => !('to' in body) || body.to === tab;

export function createTab(options: TabOptions): Tab {
  const { name, clock, ports, signals, link } = options;
  /** The tab has another id each time that it joins: so nobody takes it for the tab that left. */
  let { id } = options;
  let joined = 0;
  let standing: Standing = OUTSIDE;
  /** Held while the tab shares, so that the leader learns when the tab is gone. */
  let ownLock: TabLock | undefined;
  let hub: Hub | undefined;
  let endedWith = STEPPED_DOWN;

  const epoch = (): number => clock.toEpoch(clock.now());
  const make = (body: Body, term = standing.term): TabMessage => message(id, term, epoch(), body);
  const post = (body: Body): void =>
    channel.post(make(body.type === 'hello' ? { ...body, ...commands.known() } : body));
  /** A channel brings nothing to the tab that speaks, so the leader gives what it says to its own link. */
  const sayAsLeader = (term: number) => {
    const leader = id;
    return (body: Body): void => {
      const said = { ...make(body, term), from: leader };
      if (!('to' in body) || body.to !== leader) channel.post(said);
      if (isFor(leader, body)) link.hear(said);
    };
  };

  const arm = createDeadlineTimer(clock, () => raise('deadline', undefined));
  const lock = createLeadLock(
    ports,
    name,
    clock,
    () => raise('granted', undefined),
    () => raise('stolen', undefined),
  );

  const effects: { readonly [Name in ElectionEffect[0]]: (body: Body) => void } = {
    request: () => lock.request(),
    steal: () => lock.request(true),
    release: lock.release,
    query: createLockQuery(ports, name, { own: () => `${name} ${id}`, tell: (found) => raise('queried', found) }),
    lead() {
      link.lost();
      const made = options.createHub(standing.term, { say: sayAsLeader(standing.term), watchTab });
      hub = made;
      made.start();
      options.led(true);
    },
    stepDown() {
      const ended = hub;
      hub = undefined;
      ended?.end(endedWith);
      endedWith = STEPPED_DOWN;
      options.led(false);
      link.lost();
      draining.end();
    },
    lost: () => link.lost(),
    post,
  };

  const decide = <Event extends ElectionEvent>(event: Event, about: ElectionEvents[Event]): void => {
    const moment = { id, now: clock.now(), epoch: epoch(), random: options.chance(), visible: signals.visible() };
    const [next, ...todo] = elect(standing, moment, event, about);
    standing = next;
    arm(standing.deadline);
    if (event === 'freeze' || event === 'away') commands.away();
    for (const [effect, body] of todo) effects[effect](body as Body);
    const { role, isFrozen, leader } = standing;
    // A frozen page would keep the lock that tells of the leader's end from the others.
    watchLeader(role === 'waiting' && !isFrozen ? leader : undefined);
  };
  // What a callback of the app leads to waits until the event before is dealt with.
  const inTurn = createTurns();
  const raise = <Event extends ElectionEvent>(event: Event, about: ElectionEvents[Event]): void =>
    inTurn(() => decide(event, about));
  const watchTab = createTabWatch(ports, name, () => id);
  const watchLeader = createLeaderWatch(watchTab, (gone) => raise('departed', { id: gone }));

  const draining = createDraining(clock, watchTab);
  /** What a command means for the real connection, and for the lock. */
  const obey = (command: Command): void => {
    if (command.type === 'drain') draining.begin(command.ms);
    else if (command.type === 'close') {
      lock.keepAWhile();
      draining.end();
    } else if (command.restarts) hub?.restart();
  };
  const commands = createCommands({
    ...{ by: id, epoch, post },
    carryOut(command) {
      obey(command);
      options.commanded(command);
    },
  });

  const hear = (given: unknown): void => {
    if (!isTabMessage(given) || given.from === id) return;
    if (commands.hear(given)) return;
    if (given.type === 'drains') draining.add(given.from);
    raise('heard', given);
    // Every tab hears what the leader says to one of them.
    if (!isFor(id, given)) return;
    const isOfTerm = given.term === standing.term;
    // A tab that looks for the leader may not know the term yet.
    if (hub) {
      if (isOfTerm || given.type === 'hello') hub.hear(given);
    } else if (isOfTerm && given.from === standing.leader) link.hear(given);
  };

  const leave = (how: CloseInfo): void => {
    draining.cancel();
    endedWith = how;
    raise('leave', undefined);
    ownLock?.release();
    ownLock = undefined;
  };

  const channel = createOwnChannel(ports, name, hear);
  channel.open();

  const stopListening = [
    ports.listen((signal) => {
      raise(signal, undefined);
      if (signal === 'freeze') lock.keepNoLonger();
    }),
    signals.listen((signal) => {
      // Later: the connection of this tab lets go first. A message to a page in the back-forward cache would end that page.
      if (signal === 'pagehide') {
        draining.end();
        lock.keepNoLonger();
        raise('away', undefined);
        Promise.resolve().then(channel.close);
      } else if (signal === 'pageshow') {
        channel.open();
        raise('resume', undefined);
      } else if (signal === 'visibilitychange' || signal === 'hidden') {
        raise('look', undefined);
        if (!hub && signal !== 'hidden') post({ type: 'look' });
      }
    }),
  ];

  return {
    isLeader: () => hub !== undefined,
    join() {
      channel.open();
      draining.cancel();
      if (!ownLock) {
        joined += 1;
        endedWith = STEPPED_DOWN;
        id = `${options.id}.${joined}`;
        ownLock = holdOwnLock(ports, name, id);
      }
      // The url of a connection with a name of its own may be another one. Later, since the link's new socket has no handlers yet.
      Promise.resolve().then(() => hub?.changeUrl());
      raise('join', undefined);
    },
    leave(how) {
      if (hub) draining.wait(() => leave(how));
      else leave(how);
    },
    say(body) {
      if (hub) hub.hear(make(body));
      else post(body);
    },
    command(command) {
      commands.give(command);
      obey(command);
    },
    drains: () => post({ type: 'drains' }),
    beat: () => hub?.beat(),
    end() {
      leave(LEFT);
      for (const stop of stopListening) stop();
      channel.close();
      arm(Infinity);
    },
  };
}
