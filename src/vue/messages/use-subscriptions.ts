import { getCurrentScope } from 'vue';
import type { Engine } from '../../core/engine.js';
import { HeartbeatSocketError } from '../../core/errors.js';
import { engineNow, followEngine } from '../engine-of.js';
import { onOwnScopeEnd } from '../scope.js';
import type { UseHeartbeatSocketReturn } from '../socket-return.js';
import { handOver } from './hand-over.js';
import { askAgain, hold, keyOf } from './topics.js';

/** What {@link useSubscriptions} says to a server, and how it reads the topic of a message. */
export interface SubscriptionProtocol<Read, Write, Topic> {
  /**
   * Makes the message that asks the server for a topic, or a promise of it, where it needs a signature for example. Called for each new
   * connection, and sent as `send` sends it. If the topic is left, or the connection lost, before the promise is kept, nothing is sent.
   */
  subscribe: (topic: Topic) => Write | PromiseLike<Write>;
  /** Makes the message that tells the server that nobody wants the topic any more. */
  unsubscribe: (topic: Topic) => Write;
  /** Reads the topic out of a message, for the handlers. Anything else: the message is of no topic. Asked for each message. */
  topicOf?: ((message: Read) => unknown) | undefined;
}

/** What both forms of {@link useSubscriptions} give beside. */
export interface TopicCommands<Topic> {
  /**
   * Asks the server for a topic anew: tells it that nobody wants the topic, and asks for it again, so that it sends its snapshot once
   * more. All who hold the topic get that. Nothing is sent for a topic that nobody holds, or that the server does not know of yet.
   */
  again(topic: Topic): void;
}

/** Subscribes to a topic. The function that is returned ends that. */
export interface Subscribe<Topic> extends TopicCommands<Topic> {
  (topic: Topic): () => void;
}

/** Subscribes to a topic, with a handler for its messages. The function that is returned ends that. */
export interface SubscribeWithHandler<Topic, Read> extends TopicCommands<Topic> {
  <Message extends Read = Read>(topic: Topic, handler?: (message: Message) => void): () => void;
}

interface Subscription {
  readonly topic: unknown;
  readonly handler: ((message: unknown) => void) | undefined;
  /** Ends it on the connection of now. */
  release?: (() => void) | undefined;
}

/**
 * Subscribes to topics of a server, for as long as somebody wants them: `subscribe(topic)` returns the function that ends the
 * subscription, and it ends with the scope of `useSubscriptions` and with the scope in which `subscribe` is called.
 *
 * Subscriptions are counted by topic over all components that hold the connection: the server is told when the first one begins, and
 * when the last one has ended. It is told again on each new connection, also to another url, before anything that waits in the buffer;
 * only what `onConnected` sends may come first. While there is no connection nothing is sent, and nothing is kept in the buffer.
 * Whoever ends a subscription and begins one to the same topic in the same task, as when one view takes the place of another, sends
 * nothing, so a server that sends a snapshot with each subscription sends none. `onDropped` may hear of these messages as `unproven`.
 *
 * A topic is a text or a number, or anything that has JSON: two topics with the same JSON are the same. If one connection has several
 * kinds of topics, their topics have to differ: use objects such as `{ kind: 'room', name }`.
 *
 * A `handler` gets the messages of its topic, by `topicOf`, in order and at once. `onMessage` gets them as well. What a handler or
 * `topicOf` throws goes to the app's error handler, what `subscribe` or `unsubscribe` throws, or a promise of theirs rejects with, to
 * `onError`: that topic is tried again on the next connection. Where `subscribe` gives promises, each topic is asked for when its promise
 * is kept.
 *
 * @param socket What `useHeartbeatSocket` returned.
 * @param protocol The messages of the server's protocol.
 *
 * @example
 * const subscribe = useSubscriptions(socket, {
 *   subscribe: (topic) => ({ op: 'subscribe', topic }),
 *   unsubscribe: (topic) => ({ op: 'unsubscribe', topic }),
 *   topicOf: (message) => message.topic,
 * })
 * subscribe('trades.BTC', ({ price }) => { last.value = price })
 *
 * @example
 * // A message is missing: the server sends its snapshot once more.
 * subscribe('book.BTC', (message) => { if (!apply(message)) subscribe.again('book.BTC') })
 *
 * @example
 * // A topic that changes
 * watch(() => props.symbol, (symbol, _, onCleanup) => onCleanup(subscribe(`trades.${symbol}`)), { immediate: true })
 */
export function useSubscriptions<Read, Write, Topic = string>(
  socket: UseHeartbeatSocketReturn<Read, Write>,
  protocol: SubscriptionProtocol<Read, Write, Topic> & { topicOf: (message: Read) => unknown },
): SubscribeWithHandler<Topic, Read>;
export function useSubscriptions<Read, Write, Topic = string>(
  socket: UseHeartbeatSocketReturn<Read, Write>,
  protocol: SubscriptionProtocol<Read, Write, Topic>,
): Subscribe<Topic>;
export function useSubscriptions(
  // biome-ignore lint/suspicious/noExplicitAny: the overloads type it
  socket: UseHeartbeatSocketReturn<any, any>,
  { subscribe, unsubscribe, topicOf }: SubscriptionProtocol<unknown, unknown, unknown>,
): SubscribeWithHandler<unknown, unknown> {
  const own = getCurrentScope();
  const byTopic = new Map<unknown, Set<Subscription>>();
  const all = new Set<Subscription>();
  const ends = new Set<() => void>();
  const holdOn = (engine: Engine, topic: unknown): (() => void) => {
    return hold(engine, topic, {
      make: (isWanted) => (isWanted ? subscribe : unsubscribe)(topic),
      say(message, isWanted) {
        const run = (): boolean => handOver(engine, message, {}, false) === true;
        if (isWanted === undefined) return run();
        const key = keyOf(topic);
        const about = { key: `${typeof key} ${String(key)}`, isWanted, end: () => unsubscribe(topic) };
        return engine.options.forTopic?.(about, run) ?? run();
      },
    });
  };
  let current: Engine | undefined;
  followEngine(socket, (engine) => {
    current = engine;
    for (const one of all) one.release = holdOn(engine, one.topic);
    return () => {
      for (const one of all) {
        one.release?.();
        one.release = undefined;
      }
    };
  });
  let isOver = false;
  onOwnScopeEnd(() => {
    isOver = true;
    for (const end of [...ends]) end();
  });

  if (topicOf) {
    socket.on('received', ({ value }) => {
      const subscriptions = byTopic.size > 0 && byTopic.get(keyOf(topicOf(value)));
      if (!subscriptions) return;
      for (const one of [...subscriptions]) {
        try {
          // An earlier handler may have ended this one.
          if (subscriptions.has(one)) one.handler?.(value);
        } catch (thrown) {
          current?.options.unhandled(thrown);
        }
      }
    });
  }

  const begin = (topic: unknown, handler?: (message: never) => void): (() => void) => {
    if (process.env.NODE_ENV !== 'production' && handler && !topicOf) {
      throw new HeartbeatSocketError('option', 'a handler needs topicOf');
    }
    if (isOver) return () => {};
    const key = keyOf(topic);
    const subscription: Subscription = { topic, handler: handler as Subscription['handler'] };
    const subscriptions = byTopic.get(key) ?? new Set();
    byTopic.set(key, subscriptions.add(subscription));
    all.add(subscription);
    // If the caller is about to move, it takes its connection here, and that holds all subscriptions.
    const engine = engineNow(socket);
    if (engine) subscription.release ??= holdOn(engine, topic);
    const end = (): void => {
      if (!ends.delete(end)) return;
      subscriptions.delete(subscription);
      if (!subscriptions.size) byTopic.delete(key);
      all.delete(subscription);
      subscription.release?.();
    };
    ends.add(end);
    if (getCurrentScope() !== own) onOwnScopeEnd(end);
    return end;
  };
  return Object.assign(begin, {
    again(topic: unknown) {
      const engine = engineNow(socket);
      if (engine) askAgain(engine, topic);
    },
  });
}
