/** The topics of one connection: who wants each of them, and whether the server knows. */
import { isAlive } from '../../core/connection-state.js';
import type { Engine } from '../../core/engine.js';
import { guard } from '../../core/outlet.js';
import type { SocketLike } from '../../core/ports.js';

/** One who wants a topic. */
export interface Holder {
  /** Tells the server that the topic is wanted. True: the socket has taken the message. */
  subscribe(): boolean;
  /** Tells the server that nobody wants the topic any more. */
  unsubscribe(): boolean;
}

interface Topic {
  add(holder: Holder): void;
  remove(holder: Holder): void;
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
  let cancel: (() => void) | undefined;

  /** The callbacks that hear of a message that is sent may change who wants the topic, so all is noted before. */
  const tell = (socket: SocketLike): void => {
    const [holder] = holders;
    const isKnown = knownTo === socket;
    if (isKnown === !!holder) return;
    knownTo = holder && socket;
    const isTaken = guard(engine, () => (holder ? holder.subscribe() : last?.unsubscribe()), 'callback');
    if (isTaken) return;
    knownTo = isKnown ? socket : undefined;
    if (isTaken === false && isBusy(engine)) cancel = engine.clock.after(PAUSE, tellServer);
  };
  /** Lets the server know, if there is a connection and the server does not know yet. */
  const tellServer = (): void => {
    cancel?.();
    cancel = undefined;
    const { attempt, state } = engine;
    if (isAlive(state) && attempt?.socket) tell(attempt.socket);
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
