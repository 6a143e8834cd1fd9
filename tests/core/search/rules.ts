/** What holds after every event, in every order of events: the rules of the design's section 3, seen from outside. */
import { HINT_TIMEOUT } from '../../../src/core/next-state';
import { HIGH_WATER_MARK, MAX_AGE, TIMES } from './choice';
import type { Happening } from './happenings';
import type { View, World } from './world';

/** What of a world is compared across an event. */
export interface Before {
  readonly view: View;
  readonly dueIn: number | undefined;
  readonly armed: number;
  readonly sockets: number;
  readonly listening: number;
  readonly isAwaited: boolean;
  readonly isShaking: boolean;
}

export const look = (world: World): Before => ({
  view: world.view,
  dueIn: world.clock.dueIn(),
  armed: world.clock.armed,
  sockets: world.ports.sockets.length,
  listening: world.ports.listening(),
  isAwaited: !!world.beats.awaited,
  isShaking: !!world.shaking,
});

type Fault = (rule: string) => void;

/** ms that a server that has begun to close has more than another. */
const CLOSING_TIME = 3_000;

const STATUS: Record<string, string> = { connecting: 'CONNECTING', open: 'OPEN', suspect: 'OPEN' };

const HANDLERS = ['onopen', 'onclose', 'onerror', 'onmessage'] as const;

const RESTING = new Set(['idle', 'closed', 'failed', 'left']);
const isResting = (phase: string): boolean => RESTING.has(phase);

const nothingChanged = (world: World, before: Before): boolean =>
  (Object.keys(world.view) as (keyof View)[]).every((key) => world.view[key] === before.view[key]) &&
  // The timer of a message that has gone out, and cannot expire any more, is taken back with the next event.
  (world.choice.also === 'age' || (before.dueIn === world.clock.dueIn() && before.armed === world.clock.armed)) &&
  before.sockets === world.ports.sockets.length &&
  before.listening === world.ports.listening() &&
  world.attempts + world.received + world.foreign.ran.length === 0;

function checkView({ view, clock, now, choice, ports }: World, fault: Fault): void {
  const { phase, status, left, retryAt } = view;
  if (status !== (STATUS[phase] ?? 'CLOSED')) fault('status and phase disagree');
  if (left !== (phase === 'left')) fault('left and phase disagree');
  const planned = phase === 'waiting' ? now + (clock.dueIn() ?? Infinity) : undefined;
  // The timer may be due before that, to put the connection of a hidden page away, or since a message expires.
  const mayBeSooner = (choice.also === 'page' && !ports.isVisible) || choice.also === 'age' || choice.proof;
  if (retryAt !== planned && !(mayBeSooner && retryAt !== undefined)) fault('retryAt is not when the next attempt is');
}

function checkSockets(world: World, fault: Fault): void {
  const { view, current, lives, preparing, isOpen } = world;
  const live = world.ports.live();
  if (live.length > 1) fault('rule 1: two sockets live');
  if (live.length && live[0] !== current?.socket) fault('rule 1: a socket lives that is not the current one');
  if (current && current.socket.url !== world.url) fault('it is connected to what is not the url any more');
  if (current?.socket.protocols.some((token) => token !== world.url))
    fault('what was fetched for one url goes to another');
  if (isOpen && !current) fault('it is open without a socket');
  if (view.phase === 'connecting' && !current && !preparing) fault('it is connecting without an attempt');
  for (const life of lives) {
    const { socket, handlers, connected, disconnected } = life;
    if (connected > 1) fault('onConnected runs twice for one socket');
    const over = connected - Number(life === current && isOpen);
    if (disconnected !== over)
      fault('rule 7: onDisconnected does not run once for a socket that was open, and only then');
    // One that ended by itself says nothing any more.
    if (life === current || socket.readyState === 3) continue;
    if (!socket.closedWith) fault('rule 3: a socket is given up and not closed');
    if (HANDLERS.some((name) => socket[name] === handlers[name]))
      fault('rule 3: a socket is given up with its handlers');
  }
  for (const preparation of world.preparations) {
    const isOver = preparation !== preparing;
    if (!preparation.settled && preparation.signal.aborted !== isOver)
      fault('the signal of beforeConnect does not tell that the attempt is given up');
  }
}

function checkWaiting(world: World, fault: Fault): void {
  const { clock, view, ports, choice, wishes } = world;
  const { phase } = view;
  const dueIn = clock.dueIn();
  if (clock.most > 1) fault('rule 2: two timers are pending');
  // The page may be back without a word. A deactivated component may not.
  const isPutAway =
    wishes.wanted && (wishes.heardAway.size > 0 || ports.isPrerendering) && !wishes.heardAway.has('component');
  const drains = dueIn !== undefined && dueIn <= world.drainsUntil - world.now;
  if (isResting(phase) && !isPutAway && dueIn !== undefined && !(phase === 'idle' && drains))
    fault('rule 2: a resting state has a timer');
  const needsTimer =
    /connecting|waiting|offline|suspect/.test(phase) ||
    (phase === 'open' && choice.heartbeat) ||
    (phase === 'idle' && isPutAway);
  if (needsTimer && dueIn === undefined) fault('no timer is pending: it waits for ever');
  const mayExpire = choice.also === 'age' && !isResting(phase);
  const leftOf = MAX_AGE - Math.max(-Infinity, ...world.messages.ages(world.now));
  if (mayExpire && (dueIn ?? Infinity) > leftOf) fault('a message expires, and no timer tells of that in time');
  // Rule 9: who wants a connection makes an attempt within a minute, whatever the page says.
  const { pongTimeout } = world.beats;
  const latest = /offline|idle/.test(phase) ? HINT_TIMEOUT : Math.max(pongTimeout, world.attempt.limit, TIMES.interval);
  if (dueIn !== undefined && dueIn > latest) fault('the timer is later than anything can be due');
  const listening = ports.listening();
  if (listening > 1) fault('it hears the page twice');
  if (listening && /closed|failed|left/.test(phase)) fault('a listener stays on the page');
  if (!listening && !isResting(phase)) fault('it does not hear the page');
}

function checkWishes(world: World, { late }: Happening, before: Before, fault: Fault): void {
  const { view, wishes, choice } = world;
  const { commands, isToChange } = wishes;
  const { phase } = before.view;
  const isSame = nothingChanged(world, before);
  if (late && !isSame) fault('rule 1: a late event changes something');
  // What is sent after leaving is reported as dropped: the one thing that still has an effect.
  if (phase === 'left' && !isSame && !(commands.has('send') && view.phase === 'left'))
    fault('rule 4: left is not the end');
  if (phase !== 'left' && view.phase === 'left' && !commands.has('leave')) fault('it leaves unasked');
  if (/closed|failed/.test(phase) && view.phase !== phase && !isToChange) fault(`rule 5: ${phase} is undone unasked`);
  if (choice.retries >= 0 && wishes.retried > choice.retries) fault('it retries more often than it may');
  if (view.phase === 'idle' && wishes.wanted && !wishes.away.size && !world.ports.isPrerendering)
    fault('it is wanted, may connect, and rests for ever');
  if (world.failed !== world.gaveUp) fault('onFailed does not run once each time it gives up');
}

function checkAttempt({ attempt, attempts, wishes }: World, fault: Fault): void {
  if (attempt.mustRestart && !attempts && !wishes.isToChange)
    fault('an attempt that hangs is left alone though somebody looks');
}

function checkMessages(world: World, { name }: Happening, before: Before, fault: Fault): void {
  const { view, messages, choice, wishes } = world;
  const said = Number(name === 'a message' && before.view.status === 'OPEN');
  // What came during a handshake and was not asked for arrives when it ends.
  const unread = name === 'the handshake ends' && !wishes.commands.size ? world.unread : 0;
  const arrived = said + unread;
  const isCommanded = name === 'the handshake ends' && wishes.commands.size > 0;
  if (!isCommanded && (world.received !== arrived || world.foreign.ran.includes('onMessage') !== arrived > 0))
    fault('a message does not arrive once');
  const armed = world.clock.armed - before.armed;
  const asksForProof = choice.proof && name === 'an answer';
  const isPing = name === 'a ping of the server';
  const isHeard = before.view.status === 'OPEN' || before.isShaking;
  if (world.pongs !== Number(isPing && isHeard)) fault('a ping of the server is not answered once');
  const mayArm = (name === 'an answer' && !asksForProof) || said || isPing ? Number(before.isAwaited) : Infinity;
  if (!wishes.commands.size && armed > mayArm) fault('rule 2: a message arms a timer');
  if (messages.bounded > choice.limit) fault('more is kept than the limit');
  if (view.pending !== messages.pending) fault('rule 8: a message is in no place, or in two');
  if (/closed|left/.test(view.phase) && messages.pending) fault('rule 8: what is in hand at the end is not reported');
  if (!messages.kept.size) return;
  if (view.phase === 'left') fault('what is kept when it leaves is not reported');
  // What a callback sends meanwhile may be kept again.
  if (name === 'close()' && !world.foreign.ran.length) fault('what is kept when it is closed is not reported');
  const takes = world.isOpen && world.current?.socket.readyState === 1;
  const isFull = (world.current?.socket.bufferedAmount ?? 0) > HIGH_WATER_MARK;
  // What the socket has no room for waits for the timer.
  const waits = isFull || world.clock.dueIn() !== undefined;
  if (takes && !waits && !wishes.commands.size) fault('what is kept is not sent though the socket is open');
  if (takes && choice.also !== 'link' && !wishes.commands.size) fault('what is kept waits though the socket has room');
}

function checkSilence(world: World, before: Before, fault: Fault): void {
  const { clock, choice, isOpen, beats, now, view, wishes } = world;
  const isVerdict = before.view.status !== 'CLOSED' && view.status !== before.view.status && !wishes.isToChange;
  // A timer that was to tell of an expired message may be late, and the deadline of the link may be just now.
  const isVerdictOfIt = isVerdict && choice.also !== 'age';
  if (beats.isLate && isVerdictOfIt && !/idle|closed/.test(view.phase)) fault('a late timer is taken for a verdict');
  const wasLost = before.view.error !== view.error && view.error?.code === 'silence';
  if (choice.also === 'server' && wasLost && now - beats.heardAt < TIMES.interval)
    fault('a server that beats is taken for dead before it had to beat');
  const isHeldUp = (clock.dueIn() ?? 0) < 0;
  if (!choice.heartbeat || !isOpen || isHeldUp) return;
  const isBusy = now - beats.drainedAt <= beats.pongTimeout;
  const closing = world.current?.socket.readyState === 2 ? CLOSING_TIME : 0;
  const endsAt = beats.awaited ? beats.awaited.at + beats.awaited.timeout : Infinity;
  // After a second late timer the verdict has one more turn of the event loop.
  if (choice.also === 'server' && clock.dueIn() !== 0 && now > endsAt + closing)
    fault('the silence of a server that beats is not noticed');
  if (!isBusy && beats.quietFor(now) > TIMES.interval + beats.pongTimeout + closing)
    fault('a dead link is not noticed');
}

/** Adds to the world's faults what is broken after an event. */
export function check(world: World, happening: Happening, before: Before): void {
  const fault = (rule: string): void => {
    world.faults.push(rule);
  };
  checkView(world, fault);
  checkSockets(world, fault);
  checkWaiting(world, fault);
  checkWishes(world, happening, before, fault);
  checkAttempt(world, fault);
  checkMessages(world, happening, before, fault);
  checkSilence(world, before, fault);
}
