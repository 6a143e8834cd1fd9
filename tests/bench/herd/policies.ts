/**
 * How long each client waits before it tries again. Asked of the installed code itself wherever that can be asked, so that
 * nothing here can be out of date; the two that cannot say so, and a test holds them against the code.
 */
import { ReconnectingWebSocket as Rews } from '@nktkas/rews';
import PartySocket from 'partysocket/ws';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { Manager } from 'socket.io-client';
import { type CloseInfo, NO_CLOSE_EVENT } from '../../../src/core/ports.ts';
import { backoff, type DelayPolicy } from '../../../src/core/reconnect-policy.ts';
import { retryAfter } from '../../../src/core/retry-after.ts';
import { OURS } from '../contestants.ts';
import type { Wait } from './simulate.ts';
import { TOLD, WORDS } from './told.ts';

export interface Policy {
  /** The client's name, as in contestants.ts; a variant has its configuration behind it. */
  readonly name: string;
  /** The title of its rows, if the name alone says too little. */
  readonly title?: string;
  /** In words, for a reader of the tables. */
  readonly text: string;
  /** What the server says as it goes away. Undefined: it goes without a word. */
  readonly told?: string;
  /** For a herd of so many. Chance is `Math.random`, since that is what the clients use. */
  make(clients: number): Wait;
}

/** The part of reconnecting-websocket and of its fork that computes the wait. */
interface Growing {
  _getNextDelay(this: { _retryCount: number; _options: object; _debug(): void }): number;
}

const growing =
  (prototype: unknown, optionsOf: (client: number) => object): Wait =>
  (client, retry) =>
    (prototype as Growing)._getNextDelay.call({ _retryCount: retry, _options: optionsOf(client), _debug() {} });

function socketIo(): Wait {
  const { backoff: own } = new Manager('ws://127.0.0.1', { autoConnect: false }) as unknown as {
    backoff: { attempts: number; duration(): number };
  };
  return (_, retry) => {
    own.attempts = retry - 1;
    return own.duration();
  };
}

function rews(): Wait {
  const client = new Rews('ws://127.0.0.1:9', { shouldReconnect: () => false });
  const { reconnectionDelay } = client.reconnectOptions;
  client.close();
  return (_, retry) => (typeof reconnectionDelay === 'number' ? reconnectionDelay : reconnectionDelay(retry - 1));
}

/** useWebSocket's default for `autoReconnect: true`, written in its code. */
export const USE_WEB_SOCKET_DELAY = 1_000;
/** websocket-heartbeat-js's default for `reconnectTimeout`: its package can be loaded in a browser only. */
export const HEARTBEAT_JS_DELAY = 2_000;

/** After a restart, and then after handshakes that the server refuses. */
function ownWait(delay: DelayPolicy, restart: CloseInfo = NO_CLOSE_EVENT): Wait {
  return (_, retry) =>
    delay(retry, { isLocal: false, random: Math.random(), event: retry > 1 ? NO_CLOSE_EVENT : restart });
}

export const POLICIES: readonly Policy[] = [
  {
    name: OURS,
    text: '0 to 5 s, then 5 s doubling to 15 s, the half of it at random',
    make: () => ownWait(backoff()),
  },
  {
    name: TOLD,
    title: `**${OURS}**, \`backoff({ hint: retryAfter })\`, server says \`retry-after=20\``,
    text: '20 to 30 s, then as above',
    told: WORDS,
    make: () => ownWait(backoff({ hint: retryAfter }), { code: 1012, reason: WORDS, wasClean: true }),
  },
  { name: 'useWebSocket', text: 'each 1 s', make: () => () => USE_WEB_SOCKET_DELAY },
  {
    name: 'useWebSocket, exponential delay',
    text: '1 s doubling to 30 s, by the function that its `delay` may be',
    make: () => (_, retry) => Math.min(1_000 * 2 ** (retry - 1), 30_000),
  },
  {
    name: 'partysocket',
    text: '3 s growing by 1.3 to 10 s',
    make: () => growing(PartySocket.prototype, () => ({})),
  },
  {
    name: 'reconnecting-websocket',
    text: '1 to 5 s, drawn once for each page, growing by 1.3 to 10 s',
    make(clients) {
      // The package draws it when it is loaded, and a herd is as many pages.
      const first = Float64Array.from({ length: clients }, () => 1_000 + Math.random() * 4_000);
      return growing(ReconnectingWebSocket.prototype, (client) => ({ minReconnectionDelay: first[client] }));
    },
  },
  { name: 'websocket-heartbeat-js', text: 'each 2 s', make: () => () => HEARTBEAT_JS_DELAY },
  { name: '@nktkas/rews', text: '150 ms doubling to 10 s, the half of it at random', make: rews },
  { name: 'socket.io-client', text: '1 s doubling to 5 s, 50 % more or less', make: socketIo },
];
