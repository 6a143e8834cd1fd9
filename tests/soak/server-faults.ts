/** Faults of the server and of the way to it. The library hears of them, if at all, by what its socket does. */
import { createChance } from './chance.ts';
import { type Fault, lasting, sudden } from './fault.ts';
import { LIMITS } from './settings.ts';

export const cut = sudden('cut', 'server', ({ server }) => server.proxy.end());

export const reset = sudden('reset', 'server', ({ server }) => server.proxy.reset());

/** The connection dies and nobody is told. New ones work. Recovery counts from when the library has found out. */
export const silentCut: Fault = {
  kind: 'silent cut',
  cause: 'local',
  async run({ server, page, silences, broken }) {
    const { openedAt } = await page.look();
    const start = page.events.length;
    const cutAt = Date.now();
    server.proxy.cut();
    const found = await page.next(start, ({ what }) => what === 'closed', 2 * LIMITS.silence);
    if (found?.what !== 'closed') return cutAt;
    if (found.reason !== 'silence') broken.push(`a silent cut ended as ${found.code} '${found.reason}'`);
    // Before the server has answered a heartbeat, the connection before this one may have left it a longer time.
    if (cutAt - openedAt > LIMITS.answered) silences.push(found.t - cutAt);
    return found.t;
  },
};

/** The network is gone in silence: the connection dies, new ones are never answered, and the browser says nothing. */
export const silentNetwork = lasting(
  'silent network',
  'server',
  [500, 4_000],
  ({ server: { proxy } }) => {
    proxy.cut();
    proxy.isMute = true;
  },
  ({ server: { proxy } }) => {
    proxy.isMute = false;
  },
);

/** The connection breaks, and TCP is accepted, but no upgrade is answered. */
export const halfOpen = lasting(
  'half-open handshake',
  'server',
  [500, 3_000],
  ({ server: { proxy } }) => {
    proxy.isMute = true;
    proxy.reset();
  },
  ({ server: { proxy } }) => {
    proxy.isMute = false;
  },
);

export const delay = lasting(
  'delay of 0 to 3 s',
  'server',
  [1_000, 4_000],
  ({ server, chance }) => {
    // A chance of its own: how many chunks there are must not change what comes after.
    const lag = createChance(chance() * 2 ** 31);
    server.proxy.delay(() => lag.between(0, 3_000));
  },
  ({ server }) => server.proxy.delay(),
);

export const portClosed = lasting(
  'port closed',
  'server',
  [200, 2_000],
  ({ server }) => server.proxy.stop(),
  ({ server }) => server.proxy.start(),
);

export const restart = lasting(
  'server restart, 1012',
  'server',
  [0, 2_000],
  ({ server }) => server.goDown(),
  ({ server }) => server.proxy.start(),
);
