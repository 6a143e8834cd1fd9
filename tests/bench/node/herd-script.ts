/** Many real clients of the contestant named in the arguments, in one process. Tells its parent when each one tried. */
import ReconnectingWebSocket from 'reconnecting-websocket';
import { effectScope, onScopeDispose, shallowRef } from 'vue';
import { backoff, retryAfter, useHeartbeatSocket } from 'vue-heartbeat-socket';
import { WebSocket } from 'ws';
import type { HerdReport } from '../herd/real-herd.ts';
import { TOLD } from '../herd/told.ts';
import { type Connect, PEERS } from '../page/peers.ts';

const [name = '', url = '', clients = ''] = process.argv.slice(2);

const tried: number[] = [];

class Counted extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    tried.push(Date.now());
  }
}
Object.assign(globalThis, { WebSocket: Counted });
Object.assign(globalThis.window, { WebSocket: Counted });

/** The package draws the first wait when it is loaded, once for a page: here that would be once for all. */
const oneOfMany: Connect = (usage) => {
  const socket = new ReconnectingWebSocket(usage.url, [], { minReconnectionDelay: 1_000 + Math.random() * 4_000 });
  onScopeDispose(() => socket.close());
  return { data: shallowRef(null), send: (text) => socket.send(text) };
};

/** The client that heeds what the server says. */
const told: Connect = ({ url, interval, pongTimeout, onMessage }) =>
  useHeartbeatSocket(url, {
    heartbeat: { interval, pongTimeout },
    autoReconnect: { delay: backoff({ hint: retryAfter }) },
    ...(onMessage && { onMessage: (_, { data }) => onMessage(data) }),
  });

const connect = { ...PEERS, 'reconnecting-websocket': oneOfMany, [TOLD]: told }[name];
if (!connect) throw new Error(`no contestant ${name}`);

// ws ends some failed handshakes with an error that nobody listens for.
process.on('uncaughtException', () => {});

for (let i = 0; i < Number(clients); i += 1) {
  // Not all in one moment: the herd is to be made by the loss.
  setTimeout(
    () => effectScope(true).run(() => connect({ url, interval: 60_000, pongTimeout: 60_000, onMessage() {} })),
    i * 4,
  );
}

process.on('message', () => {
  const report: HerdReport = { tried };
  process.send?.(report, () => process.exit());
});
