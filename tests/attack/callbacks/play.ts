/** Plays combinations of a callback, a command and a fate, in a process of its own. */
import { createApp, effectScope } from 'vue';
import { useHeartbeatSocket } from '../../../src';
import { playAll } from '../support/play-all';
import {
  type Anything,
  type Attack,
  CALLBACKS,
  COMMANDS,
  FATES,
  forgetSockets,
  liveSockets,
  madeSockets,
  urlOf,
  WATCHERS,
} from './ways';

/** ms for which a combination runs: some tasks and timers. */
const TIME = 4;

/** More sockets than this in so short a time mean that attempts have run without a pause. */
const MOST_SOCKETS = 200;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const merge = (a: Record<string, Anything>, b: Record<string, Anything>): Record<string, Anything> => {
  const merged = { ...a, ...b };
  for (const group of ['autoReconnect', 'heartbeat', 'buffer']) {
    if (a[group] || b[group]) merged[group] = { ...a[group], ...b[group] };
  }
  return merged;
};

async function play(callback: string, command: string, fate: string): Promise<string | undefined> {
  forgetSockets();
  const { url: first, options = {}, WebSocket } = (FATES[fate] as (typeof FATES)[string])();
  const url = urlOf(first);
  const app = createApp({});
  app.config.errorHandler = () => {};
  app.config.warnHandler = () => {};
  const scope = effectScope(true);
  const attack: Attack = { url, app, stop: () => scope.stop(), socket: undefined };
  const act = (): unknown => attack.socket && (COMMANDS[command] as (typeof COMMANDS)[string])(attack);
  app.runWithContext(() =>
    scope.run(() => {
      attack.socket = useHeartbeatSocket(url, merge({ WebSocket, ...options }, CALLBACKS[callback]?.(act) ?? {}));
      WATCHERS[callback]?.(attack, act);
    }),
  );
  const { socket } = attack;
  if (!socket) return 'no socket';
  socket.send('first');
  await wait(TIME);
  if (madeSockets() > MOST_SOCKETS) return `${madeSockets()} sockets`;
  if (liveSockets() > 1) return `${liveSockets()} live sockets`;
  const phase = socket.phase.value;
  if ((phase === 'open' || phase === 'suspect') && liveSockets() !== 1) return `${phase} without a live socket`;
  scope.stop();
  if (socket.phase.value !== 'left' || liveSockets())
    return `${socket.phase.value}, ${liveSockets()} live sockets, after its end`;
  return undefined;
}

await playAll(play as (...names: string[]) => Promise<string | undefined>);
