/** What is done with an attempt: reading the url, `beforeConnect`, making the socket, giving up. */
import { abandonSocket } from './abandon-socket.js';
import { createBeats } from './beats.js';
import type { Target } from './connection-events.js';
import type { GivenTarget, HandshakeLink, MessageLike } from './connection-types.js';
import type { Attempt, Engine } from './engine.js';
import { type GaveUp, HeartbeatSocketError, type Trouble } from './errors.js';
import { receive } from './inbound.js';
import { kindOf, unusable } from './kind-of.js';
import { maskUrl } from './mask-url.js';
import type { Settings } from './options.js';
import { afterCall, emit, guard, lose } from './outlet.js';
import { type CloseInfo, closeInfo, NO_CLOSE_EVENT } from './ports.js';
import { isPromise, whenSettled } from './settled.js';
import { toText } from './url-text.js';
import { tellWrong } from './wrong-option.js';

const readUrl = (engine: Engine, attempt: Attempt): void => {
  attempt.url = engine.options.url();
  engine.raise('preparing', { url: toText(attempt.url) }, attempt.id);
};

/** What `beforeConnect` gave, as a target: it may also give a text, a URL, or nothing. */
function targetOf(given: unknown): GivenTarget {
  if (typeof given === 'string' || 'href' in Object(given)) return { url: given };
  if (kindOf(given ?? {}) === 'Object' && !isPromise(given)) return given ?? {};
  throw new TypeError(unusable(given));
}

/** The settings of the next socket: the function form of `heartbeat` gives each its own heartbeat. */
function settingsOf(engine: Engine): Settings {
  const { options } = engine;
  const own = guard(engine, () => options.heartbeatOfSocket?.(), 'callback');
  tellWrong(engine, own?.wrong);
  return own ? { ...options, ...own } : options;
}

/** Starts an attempt with the number of the state. */
export function prepare(engine: Engine): void {
  engine.attempts += 1;
  const settings = settingsOf(engine);
  engine.attempt = {
    id: engine.state.id,
    cause: engine.cause,
    settings,
    beats: createBeats(settings),
    wasOpen: false,
    unproven: [],
    ws: engine.attempt?.ws,
    unsentBytes: 0,
    drained: 0,
  };
  readUrl(engine, engine.attempt);
}

/** What a function of the app that belongs to an attempt is given. */
type Control = Pick<HandshakeLink, 'signal' | 'giveUp'>;

/**
 * Runs a function of the app that belongs to an attempt and may be async, and then `done` with what it gave. What one of them
 * throws comes back as an event.
 */
export function callApp(
  engine: Engine,
  attempt: Attempt,
  code: Trouble,
  call: (control: Control) => unknown,
  done: (given: unknown) => void,
): void {
  const { queue } = engine;
  const { id } = attempt;
  const threw = (thrown: unknown, gaveUp?: GaveUp): void => engine.raise('threw', { code, thrown, gaveUp }, id);
  const take = (given: unknown): void => {
    // The app may be gone by now, and its url with it.
    if (id !== engine.state.id) return;
    try {
      done(given);
    } catch (thrown) {
      threw(thrown);
    }
  };
  try {
    attempt.aborter ??= engine.transport.abortController();
    const { signal } = attempt.aborter;
    const given = call({ signal, giveUp: (reason = 'no reason was given') => threw(reason, 'gave-up') });
    if (isPromise(given)) whenSettled(given, (late) => queue.enqueue(take, late), threw);
    else queue.enqueue(take, given);
  } catch (thrown) {
    threw(thrown);
  }
}

/** Runs `beforeConnect`, if there is one, once the call that makes the connection has returned. */
export function ask(engine: Engine, attempt: Attempt): void {
  const { id, url } = attempt;
  if (engine.options.beforeConnect) {
    afterCall(engine, () => engine.queue.enqueue(() => id === engine.state.id && callBeforeConnect(engine, attempt)));
  } else engine.raise('prepared', { url }, id);
}

/** Runs `beforeConnect`, for the url that there is now. What it gives, and what it throws, comes back as an event. */
function callBeforeConnect(engine: Engine, attempt: Attempt): void {
  readUrl(engine, attempt);
  // Without a url the attempt ends with the event that was just raised.
  if (!toText(attempt.url)) return;
  const { options, state, lastMessageAt, stream } = engine;
  const { id, url } = attempt;
  emit(engine, 'preparing', { url: maskUrl(url) });
  const call = (control: Control): unknown => {
    try {
      return options.beforeConnect?.({
        ...control,
        url,
        number: id,
        failures: state.failures,
        lastMessageAt: lastMessageAt === undefined ? undefined : engine.clock.toEpoch(lastMessageAt),
        lastClose: state.lastEnd,
        cursor: stream?.url === toText(url) ? stream.cursor : undefined,
      });
    } finally {
      // A url that has changed by now was changed by `beforeConnect`. Later the app may change it, too.
      readUrl(engine, attempt);
    }
  };
  callApp(engine, attempt, 'before-connect', call, (given) => {
    const { url: to, protocols } = targetOf(given);
    const target = to || protocols ? { url: to || attempt.url, protocols } : undefined;
    engine.raise('prepared', { target, url: target ? attempt.url : options.url() }, id);
  });
}

/** Makes the socket. */
export function dial(engine: Engine, { url, protocols }: Target): void {
  const { options, raise } = engine;
  const attempt = engine.attempt as Attempt;
  const { id } = attempt;
  attempt.url = url;
  try {
    const socket = engine.transport.connect(url, protocols ?? options.protocols());
    // First of all, so that the socket is closed if it refuses what follows.
    attempt.socket = attempt.ws = engine.lastSocket = socket;
    const binaryType = options.binaryType ?? (attempt.settings.binary ? 'arraybuffer' : undefined);
    if (binaryType) socket.binaryType = binaryType;
    socket.onopen = () => raise('opened', undefined, id);
    // A socket that is not a browser's may close without an event.
    socket.onclose = (event: CloseInfo = NO_CLOSE_EVENT) => {
      attempt.closeEvent = event;
      raise('ended', closeInfo(event), id);
    };
    socket.onerror = (event: unknown) => {
      attempt.errorEvent = event;
      raise('faulted', undefined, id);
    };
    const hear = (event: MessageLike): void => receive(engine, attempt, event);
    socket.onmessage = (event: MessageLike) => engine.queue.enqueue(hear, event);
  } catch (thrown) {
    const gaveUp = thrown instanceof HeartbeatSocketError ? (thrown.code as GaveUp) : undefined;
    const tell = (): void => raise('threw', { code: 'constructor', thrown, gaveUp }, id);
    // Where a retry may follow, the caller's policy is asked, and not within the call.
    if (gaveUp) tell();
    else afterCall(engine, tell);
  }
  engine.cause = attempt.cause;
  emit(engine, 'attempted', { url: maskUrl(url) });
}

/**
 * Aborts what the app runs, takes the socket from the attempt, and tells that it has ended. `native`: the `close` event that the
 * socket fired.
 */
export function end(engine: Engine, how: CloseInfo, native?: CloseInfo): void {
  const { attempt, clock } = engine;
  attempt?.aborter?.abort();
  if (!attempt?.socket) return;
  const { socket } = attempt;
  attempt.handshake?.stop();
  attempt.socket = undefined;
  if (attempt.wasOpen && engine.stream) engine.stream = { ...engine.stream, lostAt: clock.toEpoch(clock.now()) };
  const lost = engine.delivery.ended(engine, attempt);
  emit(engine, 'ended', { ...how, socket: attempt.id, wasOpen: attempt.wasOpen }, socket, native);
  for (const message of lost) lose(engine, message, 'unproven');
}

/** Gives up the attempt: closes the socket, if there is one. */
export function abandon(engine: Engine, how: CloseInfo): void {
  const { attempt } = engine;
  if (!attempt) return;
  attempt.ws = undefined;
  if (attempt.socket) abandonSocket(engine, attempt.socket, how);
  end(engine, how);
}
