/** What the tab that leads has beside its own link: the one real connection, and the messages of all tabs on their way to it. */
import type { MadeConnection } from '../core/connection.js';
import type { ConnectionListener, ConnectionOptions } from '../core/connection-types.js';
import { provesLife } from '../core/control.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import { isNext, keep, send } from '../core/outbound.js';
import type { CloseInfo } from '../core/ports.js';
import { holdBack } from '../core/refused-message.js';
import { bytesLeft } from '../core/socket-writer.js';
import type { OnTheWay } from './line.js';
import { createProgress } from './progress.js';
import type { Body, TabMessage, ToldEnd } from './protocol.js';
import { toldView } from './shown-view.js';
import { createTabTopics } from './tab-topics.js';

export interface HubOptions {
  /** The server tells what it has, or answers heartbeats, and messages wait for that. */
  readonly isProven: boolean;
  /** Makes the real connection. `handedOver`: its socket has taken the oldest message. `refused`: the server closes it for that one. */
  create(own: Pick<ConnectionOptions, 'viewChanged'>, handedOver: () => void, refused: () => void): MadeConnection;
  /** Says something to all tabs, this one included. */
  say(body: Body): void;
  /** Calls `gone` once the tab with this id does not share any more, however it ends. The function that it returns stops that. */
  watchTab(id: string, gone: () => void): () => void;
}

export interface Hub {
  /** Takes in what a tab says, this one included. */
  hear(message: TabMessage): void;
  /** Tells all tabs who leads, and connects. */
  start(): void;
  /** Connects anew: the app has called `open()`. */
  restart(): void;
  /** The url may have changed. */
  changeUrl(): void;
  /** The user's scheduler asks for a heartbeat. */
  beat(): void;
  /** The tab does not lead any more. */
  end(how: CloseInfo): void;
}

/** Makes the real connection, for all tabs. */
export function createHub({ isProven, create, say, watchTab }: HubOptions): Hub {
  /** The number of the connection that is open. 0: none is. */
  let connection = 0;
  let isFaulted = false;
  /** What was last told of the view. */
  let told: readonly unknown[] = [];
  const progress = createProgress(isProven, () => connection, say);
  /** What tabs want of the connection of now. */
  const topics = createTabTopics();
  const watched = new Map<string, () => void>();
  const partsNow = (): readonly unknown[] => {
    const { phase, failures, retryAt, latency, error } = upstream.view();
    return [phase, failures, retryAt, latency, error];
  };
  const sayState = (ended?: ToldEnd): void => {
    told = partsNow();
    say({ type: 'state', connection, view: toldView(upstream.view()), ended });
  };
  const forget = (): void => {
    connection = 0;
    progress.clear();
    topics.clear();
  };

  const unsent = (): number => bytesLeft(upstream.engine);

  const onEvent = (event: HeartbeatSocketEvent): void => {
    if (event.type === 'opened') {
      forget();
      connection = event.socket;
      sayState();
    } else if (event.type === 'faulted') isFaulted = true;
    else if (event.type === 'ended') {
      // What the socket has taken must not go out on the next one as well.
      progress.say();
      forget();
      const { code, reason, wasClean } = event;
      sayState({ code, reason, wasClean, isFaulted });
      isFaulted = false;
    } else if (event.type === 'received') say({ type: 'data', connection, unsent: unsent(), data: event.data });
    else if (event.type === 'beat') say({ type: 'beat', connection, data: event.data });
    else if (event.type === 'answered' || (event.type === 'control' && provesLife(upstream.engine))) {
      const answer = event.type === 'answered' ? { latency: event.latency } : undefined;
      say({ type: 'alive', connection, unsent: unsent(), answer });
    } else if (event.type === 'delivered') progress.delivered();
    else if (event.type === 'dropped') progress.next(event.reason === 'expired' ? 'expired' : 'refused');
  };
  const listener: ConnectionListener = { onEvent };

  const sayIfChanged = (): void => {
    if (!isThere) return;
    if (partsNow().some((part, at) => part !== told[at])) sayState();
  };
  /** Later: if a socket has opened or ended, that is told at once, and the view with it. */
  const viewChanged = (): void => void Promise.resolve().then(sayIfChanged);
  let isThere = false;
  const upstream = create(
    { viewChanged },
    () => progress.next(),
    () => progress.sayRefused(),
  );
  isThere = true;
  upstream.listeners.add(listener);

  /** `at`: when the app gave the message, in ms of the epoch. `hasWaited`: it waits its turn among what has waited in all tabs. */
  const pass = (message: OnTheWay, data: unknown, at: number, hasWaited?: boolean, isSuspect?: boolean): void => {
    progress.add(message);
    if (message.isSilent) return;
    const { engine } = upstream;
    const { clock, options, state } = engine;
    const now = clock.now();
    if (isSuspect || !isNext(engine) || (hasWaited && options.perSecond < Infinity)) {
      const kept = { data, value: data, url: state.url, at: now + at - clock.toEpoch(now) };
      if (isSuspect) holdBack(engine);
      keep(engine, isSuspect ? { ...kept, isSuspect } : kept);
      // The socket has refused it, which was reported.
    } else if (send(engine, data, true) === undefined) progress.next('refused');
  };
  /** A tab that is gone wants nothing any more. */
  const forgetTab = (tab: string): void => {
    watched.get(tab)?.();
    watched.delete(tab);
    progress.forgetTab(tab);
    for (const end of topics.forgetTab(tab)) pass({ from: '', number: 0, isSilent: false }, end, Infinity);
  };

  const onSend = (message: Extract<TabMessage, { type: 'send' }>): void => {
    const { from, number, data, topic, since, isSuspect, connection: to } = message;
    // A command that waits ends the connection, and then the tab sends the message again.
    if (!connection || to !== connection || upstream.engine.queue.isCommanded()) return;
    if (topic && !watched.has(from)) {
      const stop = watchTab(from, () => forgetTab(from));
      watched.set(from, stop);
    }
    pass(
      { from, number, isSilent: !!topic && !topics.isNews(from, topic) },
      data,
      since ?? message.at,
      since !== undefined,
      isSuspect,
    );
  };

  return {
    hear(message) {
      if (message.type === 'hello') sayState();
      else if (message.type === 'send') onSend(message);
      else if (message.type === 'prove' && message.connection === connection) upstream.engine.raise('beat');
      else if (message.type === 'gone') forgetTab(message.from);
      else if (message.type === 'look') upstream.engine.raise('visibilitychange');
    },
    start() {
      upstream.open();
      if (!told.length) sayState();
    },
    restart: () => upstream.open(),
    beat: () => upstream.beat(),
    changeUrl: () => upstream.changeUrl(),
    end({ code, reason }) {
      // What the socket has taken must not go out from the next leader as well.
      progress.say();
      upstream.listeners.delete(listener);
      isThere = false;
      for (const stop of watched.values()) stop();
      upstream.close(code, reason);
      upstream.leave();
    },
  };
}
