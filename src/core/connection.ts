/** The engine: carries out what `transition` decides, through the ports. It owns the one socket and the one timer. */
import { abandonSocket } from './abandon-socket.js';
import type { Effects, EventName, Events } from './connection-events.js';
import { initialState, isActive, isAlive, NEVER, type State, show, transition } from './connection-state.js';
import type { Connection, ConnectionListener, ConnectionOptions, MessageLike, Target } from './connection-types.js';
import { createDeadlineTimer } from './deadline-timer.js';
import { HeartbeatSocketError, type HeartbeatSocketErrorCode, type Trouble, toError } from './errors.js';
import { isAnswer } from './heartbeat.js';
import { createListeners } from './listeners.js';
import type { Cause } from './log-event.js';
import { maskUrl } from './mask-url.js';
import { DEFAULTS } from './options.js';
import { createOutbox } from './outbox.js';
import type { CloseInfo, Ports, SocketLike } from './ports.js';
import { createRoundTrip } from './round-trip.js';
import { createTurnQueue } from './turn-queue.js';

export function createConnection({ clock, chance, transport, signals }: Ports, options: ConnectionOptions): Connection {
  const { beats, serializer, beforeConnect } = options;
  let state: State = initialState;
  let socket: SocketLike | undefined;
  /** The last socket that was made, current or not: who an error is told of. */
  let latest: SocketLike | undefined;
  let error: HeartbeatSocketError | undefined;
  let stopListening: (() => void) | undefined;
  let aborter: ReturnType<typeof transport.abortController> | undefined;
  /** The url that was last acted upon, by an attempt or a `close()`; undefined: it has changed since. */
  let lastUrl: string | undefined = `${options.url()}`;
  let lastMessageAt: number | undefined;
  let beatSent: unknown;
  let trip = createRoundTrip();
  /** The number of the socket that has not ended yet; 0 if there is none. */
  let notEnded = 0;
  /** What is being dealt with. */
  let cause: Cause = 'open';

  const publish = (): void => options.publish({ ws: socket, latency: trip.latency, error, ...show(state, clock) });

  const { enqueue, command, isCommanded } = createTurnQueue(options.unhandled);
  const dispatch = <Name extends EventName>(name: Name, id?: number, payload?: Events[Name]): void =>
    enqueue(() => step(name, payload, id));
  const arm = createDeadlineTimer(clock, () => dispatch('deadline'));

  const keepError = (...about: Parameters<typeof toError>): HeartbeatSocketError => {
    const latestError = toError(...about);
    // Why it was given up matters more than what a callback then did.
    if (state.phase !== 'failed' || about[2]) error = latestError;
    publish();
    log('erred', { error: latestError });
    return latestError;
  };

  /** Keeps `error`, and tells those concerned; the app, where nobody listens. */
  const report = (code: HeartbeatSocketErrorCode, thrown: unknown, to?: ConnectionListener[]): void => {
    const made = keepError(code, thrown);
    const isHeard = latest && tell('onError', [latest, transport.errorEvent(made)], to);
    if (!isHeard) options.unhandled(code === 'callback' ? thrown : made);
  };

  const { listeners, log, tell } = createListeners(
    () => ({ at: clock.toEpoch(clock.now()), socket: state.id, phase: state.phase, cause }),
    report,
    options.unhandled,
  );

  /** Runs what may throw. Undefined: it has, and that has been reported. */
  const attemptTo = <T>(run: () => T, code: HeartbeatSocketErrorCode): T | undefined => {
    try {
      return run();
    } catch (thrown) {
      report(code, thrown);
      return undefined;
    }
  };

  const outbox = createOutbox(options, (data, reason) => {
    log('dropped', { data, reason });
    tell('onDropped', [data, reason]);
  });

  const logEnd = ({ code, reason, wasClean }: CloseInfo): void => {
    if (notEnded) log('ended', { code, reason, wasClean, socket: notEnded });
    notEnded = 0;
  };

  /** True: handed over. False: no open socket. Undefined: the socket does not take such data, which has been reported. */
  const write = (data: unknown, isBeat?: boolean): boolean | undefined =>
    attemptTo(() => {
      if (isCommanded() || !isAlive(state) || !socket || (socket.readyState as number) > 1) return false;
      state.sentAt = clock.now();
      socket.send(data as never);
      log(isBeat ? 'beat' : 'sent', { data });
      if (!isBeat) tell('onSend', [data]);
      return true;
    }, 'send');

  const receive = (event: MessageLike): void => {
    if (!isAlive(state)) return;
    const { data } = event;
    const now = clock.now();
    let answers = false;
    try {
      answers = beats && isAnswer(options.response(data, beatSent), data);
    } catch (thrown) {
      report('callback', thrown);
    }
    if (answers || options.liveness === 'traffic') {
      if (state.deadAt < NEVER) step('heard');
      else state.heardAt = now;
    }
    cause = 'message';
    if (answers) {
      trip.answered(now);
      publish();
      log('answered', { latency: trip.latency });
      return;
    }
    lastMessageAt = now;
    log('received', { data });
    try {
      const value = serializer.read(data);
      options.received(value);
      tell('onMessage', [socket, event, value]);
    } catch (thrown) {
      report('serializer', thrown);
    }
  };

  /** How each effect is carried out. */
  const effects: Effects = {
    connect() {
      const { id, failures } = state;
      const because = cause;
      const threw = (thrown: unknown, code: Trouble = 'before-connect') => dispatch('threw', id, { code, thrown });
      /** Today's url. What was kept for another one is dropped, and who is told may change it again. */
      const turn = (): unknown => {
        const url = options.url();
        lastUrl = `${url}`;
        outbox.turnTo(url);
        return url;
      };
      const settle = (): unknown => {
        const url = turn();
        return lastUrl === undefined ? settle() : url;
      };
      let ours: unknown;
      const start = (target?: Target) => {
        if (id !== state.id) return;
        cause = because;
        try {
          const isOld = lastUrl === undefined;
          const isGiven = target?.url || target?.protocols;
          // What beforeConnect gives for an old url must not go to the new one.
          if (isOld && isGiven && `${target?.url}` !== `${options.url()}`) return threw('the url has changed');
          if (isOld || !isGiven) ours = settle();
          const url = ours && (target?.url || ours);
          if (!url) return dispatch('unset');
          log('attempted', { url: maskUrl(url) });
          const made = transport.connect(url, target?.protocols ?? options.protocols());
          if (options.binary) made.binaryType = 'arraybuffer';
          made.onopen = () => dispatch('opened', id);
          // A made-up socket may close without an event.
          made.onclose = (event = { code: 1006, reason: '', wasClean: false }) => dispatch('ended', id, event);
          made.onerror = (event: unknown) => enqueue(() => id === state.id && tell('onError', [made, event]));
          const hear = (event: MessageLike): unknown => id === state.id && receive(event);
          made.onmessage = (event: MessageLike) => enqueue(hear, event);
          socket = latest = made;
          notEnded = id;
          publish();
        } catch (thrown) {
          threw(thrown, thrown instanceof HeartbeatSocketError ? 'url' : 'constructor');
        }
      };
      try {
        if (!beforeConnect) return start();
        const url = settle();
        if (!url) return dispatch('unset');
        aborter = transport.abortController();
        const { signal } = aborter;
        const at = lastMessageAt && clock.toEpoch(lastMessageAt);
        let target: ReturnType<typeof beforeConnect>;
        try {
          target = beforeConnect({ url, failures, signal, lastMessageAt: at });
        } finally {
          // What it has made of the url by now is its own doing; what comes later may be anybody's.
          ours = turn();
        }
        // In a turn of its own: what it has asked for comes first.
        if (target && 'then' in target) target.then((to) => enqueue(start, to), threw);
        else enqueue(start, target);
      } catch (thrown) {
        threw(thrown);
      }
    },
    drop(event, wasOpen) {
      aborter = void aborter?.abort();
      const current = socket;
      if (!current) return;
      socket = undefined;
      abandonSocket(current, event, attemptTo);
      publish();
      logEnd(event);
      if (wasOpen) tell('onDisconnected', [current, transport.closeEvent(event)]);
    },
    disconnected: (event, wasOpen) => wasOpen && tell('onDisconnected', [socket, event]),
    connected() {
      aborter = undefined;
      tell('onConnected', [socket]);
      enqueue(() => outbox.flush((data) => write(data) !== false));
    },
    beat() {
      const now = clock.now();
      (state as { sentAt: number }).sentAt = now;
      const sent = attemptTo(() => {
        beatSent = options.message();
        return write(beatSent, true);
      }, 'callback');
      // A beat that could not be sent proves nothing by staying unanswered.
      if (sent === undefined) return dispatch('heard');
      trip.sent(now);
    },
    empty: outbox.empty,
    trouble: keepError,
    failed: () => tell('onFailed', []),
  };

  const step = <Name extends EventName>(name: Name, payload?: Events[Name], id?: number): void => {
    const from = state.phase;
    cause = name;
    if (name === 'unset') lastUrl = undefined;
    const moment = {
      ...options,
      now: clock.now(),
      random: chance(),
      online: signals.online(),
      isOutdated: lastUrl === undefined,
    };
    // The caller's `retries` or `delay` may throw. Deciding is pure: it can be done again, by the default policy.
    const [next, ...todo] =
      attemptTo(() => transition(state, moment, name, payload as Events[Name], id), 'callback') ??
      transition(state, { ...moment, retries: -1, delay: DEFAULTS.delay }, name, payload as Events[Name], id);
    const isOld = next === state;
    if (name === 'opened' && !isOld) {
      error = beatSent = undefined;
      trip = createRoundTrip();
    }
    state = next;
    arm(state.deadline);
    publish();
    if (state.phase !== from) log('changed', { from });
    if (name === 'ended' && !isOld) logEnd(payload as CloseInfo);
    for (const [effect, ...about] of todo) (effects[effect] as (...about: unknown[]) => void)(...about);
    stopListening = isActive(state) ? (stopListening ?? signals.listen(dispatch)) : void stopListening?.();
  };

  publish();

  return {
    listeners,
    open: () => command(() => step(options.url() ? 'open' : 'unset')),
    close(code, reason = '') {
      // A url that changed just before does not bring it back.
      if (state.phase !== 'left') lastUrl = `${options.url()}`;
      command(() => step('close', { code, reason }));
    },
    leave: () => command(() => step('leave')),
    changeUrl() {
      const url = options.url();
      if (lastUrl === `${url}`) return;
      lastUrl = undefined;
      // While beforeConnect is at work, which may have changed it itself, the attempt takes it when that is done.
      if (!url || state.phase !== 'connecting' || notEnded) command(() => step(url ? 'redirect' : 'unset'));
    },
    deactivate: () => dispatch('deactivate'),
    activate: () => dispatch('activate'),
    beat: () => dispatch('beat'),
    send(value, useBuffer = true) {
      const before = cause;
      const written = attemptTo(() => {
        cause = 'send';
        const data = serializer.write(value as never);
        const isWritten = write(data);
        if (isWritten !== false || !useBuffer) return isWritten;
        const url = options.url();
        const keep = (): void => {
          if (outbox.keep(data, url)) log('buffered', { data });
          if (state.phase === 'left') outbox.empty('left');
        };
        if (!isCommanded()) return void keep();
        // What a command empties is what was sent before it.
        return command(() => {
          keep();
          if (state.phase === 'connecting' && lastUrl) outbox.turnTo(lastUrl);
        });
      }, 'serializer');
      cause = before;
      return !!written;
    },
  };
}
