/** The real connection, as the tab that leads makes it: with the options of its own connection. */
import type { ConnectionOptions } from '../core/connection-types.js';
import type { Delivery, Engine } from '../core/engine.js';
import { report } from '../core/outlet.js';
import type { Ports } from '../core/ports.js';
import { raw } from '../core/serializer.js';
import { toText } from '../core/url-text.js';
import { createUpstreamDelivery } from './upstream-delivery.js';

/** What the page tells that is about the link to the server: the leader's connection hears it. */
const OF_THE_NETWORK = ['online', 'offline', 'networkchange', 'visibilitychange', 'resume'];

/** `prerendering`: no tab shares before the user sees its page. */
export const upstreamPorts = (ports: Ports): Ports => ({
  ...ports,
  signals: {
    ...ports.signals,
    prerendering: () => false,
    listen: (tell) => ports.signals.listen((signal) => OF_THE_NETWORK.includes(signal) && tell(signal)),
  },
});

/** Calls `beforeConnect` with what the tab knows, also of the time before it has led. Later leaders have greater numbers. */
const withWhatTheTabKnows = (
  beforeConnect: NonNullable<ConnectionOptions['beforeConnect']>,
  engine: Engine,
  term: number,
): ConnectionOptions['beforeConnect'] => {
  return (attempt) => {
    const { stream, lastMessageAt, state, clock } = engine;
    return beforeConnect({
      ...attempt,
      number: term + attempt.number,
      lastClose: attempt.lastClose ?? state.lastEnd,
      lastMessageAt: lastMessageAt === undefined ? undefined : clock.toEpoch(lastMessageAt),
      cursor: stream?.url === toText(attempt.url) ? stream.cursor : undefined,
    });
  };
};

/**
 * `engine`: that of the leader's own connection, whose options these are. Every tab bounds what it keeps, so the real connection keeps all.
 * `handedOver`: its socket has taken a message. `refused`: the server has closed it for the one message that is not proven.
 */
export function upstreamOptions(
  options: ConnectionOptions,
  engine: Engine,
  term: number,
  handedOver: () => void,
  refused: () => void,
): ConnectionOptions {
  const { serializer, beforeConnect } = options;
  const delivery = options.delivery as Delivery | undefined;
  /** Each tab reads its messages itself, and tells of those that cannot be read. */
  const read = (data: unknown): unknown => {
    try {
      return serializer.read(data) ?? data;
    } catch {
      return data;
    }
  };
  // Only `ack` of `atLeastOnce` looks at the values of messages.
  const hasAck = delivery?.needsBeats === false;
  return {
    ...options,
    delivery: createUpstreamDelivery(delivery, read, handedOver, refused),
    serializer: { read: hasAck ? read : raw.read, write: raw.write },
    ...{ limit: Infinity, maxBytes: Infinity, closeAfter: Infinity },
    // What is to be proven stays here until it is, and its tab tells that it is too old.
    maxAge: delivery ? Infinity : options.maxAge,
    ...{ cursor: undefined, isHeld: false, wrong: undefined },
    received() {},
    unhandled: (thrown) => report(engine, 'callback', thrown),
    beforeConnect: beforeConnect && withWhatTheTabKnows(beforeConnect, engine, term),
  };
}
