/** The topics of one connection: who wants each of them, and whether the server knows. */
import { isAlive } from '../../core/connection-state.js';
import type { Engine } from '../../core/engine.js';
import { guard, report } from '../../core/outlet.js';
import type { SocketLike } from '../../core/ports.js';
import { isPromise, whenSettled } from '../../core/settled.js';

/** One who wants a topic. */
export interface Holder {
  /** Makes the message that asks for the topic, or a promise of it, or the message that nobody wants it any more. */
  make(isWanted: boolean): unknown;
  /** Sends such a message. True: the socket has taken it. `isWanted` undefined: whether the topic is wanted does not change. */
  say(message: unknown, isWanted?: boolean): boolean;
}

interface Topic {
  add(holder: Holder): void;
  remove(holder: Holder): void;
  /** Asks for the topic anew, if the server knows of it. */
  again(): void;
}

/** A message that asks for a topic: it is being made, or waits until the socket has room. */
interface Request {
  readonly socket: SocketLike;
  /** Sends the message. Undefined: the message is not made yet. */
  send?: () => boolean;
}

/** ms until the socket is asked again that had too much to send: no event tells that it has less. */
const PAUSE = 50;

/** By connection, so that all components that hold it count together. */
const topicsOf = new WeakMap<Engine, Map<unknown, Topic>>();

/** Two topics are the same if they are the same text or number, or have the same JSON. */
export const keyOf = (topic: unknown): unknown => (Object(topic) === topic ? JSON.stringify(topic) : topic);

/** Whether the socket takes no message now, and will take some later. */
const isBusy = ({ outbox, attempt }: Engine): boolean =>
  outbox.messages.length > 0 || (attempt?.socket?.bufferedAmount ?? 0) > 0;

/** `gone` is called when nobody wants the topic and nothing is left to tell the server. */
function createTopic(engine: Engine, gone: () => void): Topic {
  const holders = new Set<Holder>();
  /** The one who wanted the topic last. */
  let last: Holder | undefined;
  /** The socket whose server was told that the topic is wanted. */
  let knownTo: SocketLike | undefined;
  let request: Request | undefined;
  let cancel: (() => void) | undefined;

  /** The callbacks that hear of a message that is sent may change who wants the topic, so all is noted before. */
  const tell = (knows: SocketLike | undefined, send: () => boolean): boolean => {
    const before = knownTo;
    knownTo = knows;
    const isTaken = guard(engine, send, 'callback');
    if (isTaken) return true;
    knownTo = before;
    if (isTaken === false && isBusy(engine)) cancel = engine.clock.after(PAUSE, tellServer);
    else request = undefined;
    return false;
  };
  /** Makes the message that asks for the topic. What is left or lost meanwhile has another request, or none. */
  const prepare = (socket: SocketLike, holder: Holder): void => {
    const own: Request = { socket };
    // The tab that holds the socket has counted this topic already.
    const isWanted = knownTo === socket ? undefined : true;
    const made = (message: unknown): void => {
      own.send = () => holder.say(message, isWanted);
      if (request === own) tellServer();
    };
    const failed = (thrown: unknown): void => {
      if (request === own) request = undefined;
      report(engine, 'callback', thrown);
    };
    request = own;
    try {
      const message = holder.make(true);
      if (isPromise(message)) whenSettled(message, made, failed);
      else made(message);
    } catch (thrown) {
      failed(thrown);
    }
  };
  /** Sends the request, if it is made. A server that knows of the topic is told first that nobody wants it. */
  const ask = (socket: SocketLike, { send }: Request, holder: Holder): void => {
    if (!send) return;
    const isKnown = knownTo === socket;
    if (isKnown && !tell(undefined, () => holder.say(holder.make(false)))) return;
    if (tell(socket, send)) request = undefined;
  };
  const tellSocket = (socket: SocketLike): void => {
    const [holder] = holders;
    if (request?.socket !== socket || !holder) request = undefined;
    if (request && holder) ask(socket, request, holder);
    else if ((knownTo === socket) === !!holder) return;
    else if (holder) prepare(socket, holder);
    else tell(undefined, () => !!last?.say(last.make(false), false));
  };
  /** Lets the server know, if there is a connection and the server does not know yet. */
  const tellServer = (): void => {
    cancel?.();
    cancel = undefined;
    const { attempt, state } = engine;
    if (isAlive(state) && attempt?.socket) tellSocket(attempt.socket);
    if (holders.size || cancel) return;
    engine.listeners.delete(listener);
    gone();
  };
  const listener = { onConnected: tellServer };
  engine.listeners.add(listener);
  return {
    add(holder) {
      holders.add(holder);
      tellServer();
    },
    remove(holder) {
      holders.delete(holder);
      last = holder;
      // Later, since another component may want the topic before this task is over: one view takes the place of another.
      if (!holders.size) Promise.resolve().then(tellServer);
    },
    again() {
      const [holder] = holders;
      const socket = engine.attempt?.socket;
      if (holder && socket && knownTo === socket && !request) prepare(socket, holder);
    },
  };
}

/** Adds one who wants a topic. The function that is returned takes the holder back. */
export function hold(engine: Engine, topic: unknown, holder: Holder): () => void {
  const topics = topicsOf.get(engine) ?? new Map<unknown, Topic>();
  topicsOf.set(engine, topics);
  const key = keyOf(topic);
  const shared: Topic =
    topics.get(key) ??
    createTopic(engine, () => {
      if (topics.get(key) === shared) topics.delete(key);
    });
  topics.set(key, shared);
  shared.add(holder);
  return () => shared.remove(holder);
}

/** Asks for a topic anew, if somebody wants it. */
export const askAgain = (engine: Engine, topic: unknown): void => topicsOf.get(engine)?.get(keyOf(topic))?.again();
