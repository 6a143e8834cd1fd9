/** All that can happen to an engine, by names that make a path readable. */
import { BEAT, BYE, HIGH_WATER_MARK, PING, TICK } from './choice';
import type { Preparation } from './held-promise';
import type { Handshake, World } from './world';

export interface Happening {
  readonly name: string;
  readonly run: (world: World) => void;
  /** Whether it can happen now. */
  readonly when: (world: World) => unknown;
  /** It is an event of a socket, or of a `beforeConnect`, that was given up. */
  readonly late?: boolean;
}

/** Longer than anything that is searched second by second (ms). */
const MOMENTS = 10 * TICK;

const always = (): boolean => true;

const happening = (name: string, run: Happening['run'], when: Happening['when'] = always): Happening => ({
  name,
  run,
  when,
});

const late = (name: string, run: Happening['run'], when: Happening['when']): Happening => ({
  name,
  run,
  when,
  late: true,
});

const readyState = (world: World): number | undefined => world.current?.socket.readyState;
const dueIn = (world: World): number => world.clock.dueIn() ?? Infinity;
/** A timer that is held up fires before anything else can be told from its time. */
const isOnTime = (world: World): boolean => dueIn(world) >= 0;

const SIGNALS = ['online', 'offline', 'networkchange', 'visibilitychange', 'resume', 'pagehide', 'pageshow'] as const;
const closing = (code: number): object => ({ type: 'close', code, reason: '', wasClean: code !== 1006 });

/** How a `beforeConnect` may end. What it gives is for the url that it was asked for. */
const ENDS = {
  resolves: ({ promise }: Preparation) => promise.resolve(undefined),
  'gives url and protocols': ({ promise, url }: Preparation) => promise.resolve({ url, protocols: url }),
  'gives protocols': ({ promise, url }: Preparation) => promise.resolve({ protocols: url }),
  rejects: ({ promise }: Preparation) => promise.reject(new Error('no token')),
};

const settle = (way: keyof typeof ENDS, ...preparations: (Preparation | undefined)[]): void => {
  for (const preparation of preparations) {
    if (!preparation) continue;
    preparation.settled = true;
    ENDS[way](preparation);
  }
};

const endHandshake = (world: World, end: (handshake: Handshake) => void): void => {
  const { shaking } = world;
  if (!shaking) return;
  shaking.settled = true;
  end(shaking);
};

export const HAPPENINGS: readonly Happening[] = [
  happening('open()', (world) => world.open()),
  happening(
    'the socket opens',
    (world) => world.accept(),
    (world) => readyState(world) === 0,
  ),
  happening(
    'a message',
    (world) => world.say('hello'),
    (world) => readyState(world) === 1,
  ),
  happening(
    'an answer',
    (world) => world.say(BEAT),
    // A server that sends the heartbeats answers none: to it this is a message like any other.
    (world) => world.choice.heartbeat && world.choice.also !== 'server' && readyState(world) === 1,
  ),
  happening(
    'a ping of the server',
    (world) => world.say(PING),
    (world) => /control|server/.test(`${world.choice.also}`) && readyState(world) === 1,
  ),
  happening(
    'the server ends the connection by a message',
    (world) => world.say(BYE),
    (world) => /control|server/.test(`${world.choice.also}`) && readyState(world) === 1,
  ),
  ...[1000, 1006, 4401].map((code) =>
    happening(
      `the socket closes with ${code}`,
      (world) => world.current?.socket.end(code),
      (world) => world.current,
    ),
  ),
  happening(
    'the socket fails',
    (world) => world.current?.socket.fail(),
    (world) => world.current,
  ),
  happening(
    'the server starts to close',
    (world) => {
      if (world.current) world.current.socket.readyState = 2;
    },
    (world) => readyState(world) === 1,
  ),
  happening('send()', (world) => world.send(true)),
  happening('send() unbuffered', (world) => world.send(false)),
  happening('close()', (world) => world.close()),
  happening(
    'close({ drain })',
    (world) => world.drain(),
    (world) => world.choice.proof,
  ),
  happening('the url changes', (world) => world.changeUrl(world.otherUrl)),
  happening(
    'the url comes back',
    (world) => world.changeUrl(world.knownUrl),
    (world) => !world.url,
  ),
  happening(
    'the url goes away',
    (world) => world.changeUrl(undefined),
    (world) => world.url,
  ),
  happening(
    'a second passes',
    (world) => world.pass(TICK),
    // Who waits for the page or the network for half a minute is the same after each second of that.
    (world) => isOnTime(world) && (dueIn(world) === Infinity || dueIn(world) <= MOMENTS),
  ),
  happening(
    'time passes to the deadline',
    (world) => world.pass(dueIn(world)),
    (world) => isOnTime(world) && dueIn(world) !== TICK && dueIn(world) < Infinity,
  ),
  happening(
    'the timer fires too early',
    (world) => world.clock.fire(),
    (world) => dueIn(world) > 0 && dueIn(world) < Infinity,
  ),
  happening(
    'time passes, and the timer fires two seconds late',
    (world) => {
      world.clock.freeze(dueIn(world) + 2 * TICK);
      world.fire();
    },
    (world) => isOnTime(world) && dueIn(world) < Infinity,
  ),
  happening(
    'the page freezes until two seconds after the deadline',
    (world) => world.clock.freeze(dueIn(world) + 2 * TICK),
    (world) => isOnTime(world) && dueIn(world) < Infinity,
  ),
  happening(
    'the late timer fires',
    (world) => world.fire(),
    (world) => !isOnTime(world),
  ),
  ...SIGNALS.map((signal) => happening(signal, (world) => world.signal(signal))),
  happening(
    'the page goes out of sight',
    (world) => world.signal('hidden'),
    // In a third of the option sets: in all of them it would triple the worlds.
    (world) => world.ports.isVisible && world.choice.retries === 1,
  ),
  happening(
    'prerenderingchange',
    (world) => world.signal('prerenderingchange'),
    (world) => world.ports.isPrerendering,
  ),
  happening(
    'the page is seen again without a word',
    (world) => {
      world.ports.isVisible = true;
    },
    (world) => !world.ports.isVisible && world.choice.also === 'page',
  ),
  ...[0, HIGH_WATER_MARK, 2 * HIGH_WATER_MARK].map((bytes) =>
    happening(
      `the socket has ${bytes} bytes to send`,
      (world) => world.fill(bytes),
      (world) =>
        world.choice.also === 'link' && readyState(world) === 1 && world.current?.socket.bufferedAmount !== bytes,
    ),
  ),
  happening(
    'the handshake ends',
    (world) => endHandshake(world, ({ promise }) => promise.resolve(undefined)),
    (world) => world.shaking,
  ),
  happening(
    'the handshake rejects',
    (world) => endHandshake(world, ({ promise }) => promise.reject(new Error('wrong password'))),
    (world) => world.shaking,
  ),
  happening(
    'the handshake gives up',
    (world) => world.shaking?.giveUp(),
    (world) => world.shaking,
  ),
  happening('deactivate', (world) => world.setActive(false)),
  happening('activate', (world) => world.setActive(true)),
  happening(
    "somebody else's clock beats",
    (world) => world.connection.beat(),
    (world) => world.choice.heartbeat,
  ),
  ...(Object.keys(ENDS) as (keyof typeof ENDS)[]).flatMap((way) => [
    happening(
      `beforeConnect ${way}`,
      (world) => settle(way, world.preparing),
      (world) => world.preparing,
    ),
    late(
      `each beforeConnect that was given up ${way}`,
      (world) => settle(way, ...world.stalePreparations),
      (world) => world.stalePreparations.length,
    ),
  ]),
  ...(
    [
      ['onopen', 'open', { type: 'open' }],
      ['onmessage', 'message', { type: 'message', data: 'late' }],
      ['onerror', 'error', { type: 'error' }],
      ['onclose', 'close', closing(4401)],
    ] as const
  ).map(([handler, name, event]) =>
    late(
      `the old socket's ${name} event comes late`,
      (world) => world.old?.handlers[handler]?.(event as never),
      (world) => world.old,
    ),
  ),
  happening('leave()', (world) => world.leave()),
];
