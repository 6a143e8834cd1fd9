/** What runs in a tab that shares its connection: one connection, and lists of all that came to this tab. */
import { createApp, h, type Ref } from 'vue';
import { atLeastOnce, type UseHeartbeatSocketReturn, useHeartbeatSocket, useRequests } from 'vue-heartbeat-socket';
import { tabs, useIsLeader } from 'vue-heartbeat-socket/tabs';
import type { FromServer, Question, ToServer } from './sharing-server.ts';

export interface SharingPage {
  /** Another one for each page that this tab loads. */
  readonly life: string;
  readonly socket: UseHeartbeatSocketReturn<FromServer, ToServer>;
  readonly isLeader: Readonly<Ref<boolean>>;
  /** Numbers of the broadcasts that came, and of this page's messages that are known to have reached the server. */
  readonly heard: number[];
  readonly delivered: number[];
  /** Messages that this page was told may be lost, as `number reason`. */
  readonly dropped: string[];
  /** Sends this page's messages with the numbers from `first` to `last`. */
  send(first: number, last: number): void;
  /** Sends so many messages, each numbered after the one before, at moments of chance within `ms`. */
  sendOver(count: number, ms: number): void;
  /** The number of the last message that `sendOver` has sent. */
  readonly sent: number;
  /** Asks a question, and resolves with the answer's number and ms until it came. */
  ask(of: number): Promise<{ of: number; from: string; ms: number }>;
}

declare global {
  interface Window {
    sharing: SharingPage;
  }
}

export const isConnected = (): boolean => window.sharing.socket.phase.value === 'open';

const asked = new URLSearchParams(location.search);
const tab = asked.get('tab') as string;
const life = `${tab}.${Math.random().toString(36).slice(2, 8)}`;
const server = asked.get('server') as string;
const heard: number[] = [];
const delivered: number[] = [];
const dropped: string[] = [];

let sent = 0;

const numberOf = (value: ToServer): number => ('n' in value ? value.n : Number.NaN);

createApp({
  setup() {
    const socket = useHeartbeatSocket<FromServer, ToServer>(server, {
      share: asked.has('alone') ? undefined : tabs(),
      delivery: asked.has('proof') ? atLeastOnce({ ackWithin: 100 }) : undefined,
      serializer: { read: (raw: string) => JSON.parse(raw), write: (value) => JSON.stringify(value) },
      heartbeat: { interval: Number(asked.get('interval') ?? 1_000), pongTimeout: 10_000 },
      buffer: { limit: 10_000, onDropped: (value, reason) => dropped.push(`${numberOf(value as ToServer)} ${reason}`) },
      beforeConnect: ({ number }) => `${server}?${new URLSearchParams({ tab, number: `${number}` })}`,
      onDelivered(value) {
        delivered.push(numberOf(value));
        // A page that crashes can't be asked later.
        console.debug(`delivered ${life} ${numberOf(value)}`);
      },
      onMessage: (_, __, message) => 'broadcast' in message && heard.push(message.broadcast),
    });
    const request = useRequests(socket, 'ask', { timeout: Infinity });
    const isLeader = useIsLeader(socket);
    window.sharing = {
      ...{ life, socket, isLeader, heard, delivered, dropped },
      send(first, last) {
        for (let n = first; n <= last; n += 1) socket.send({ from: life, n });
      },
      get sent() {
        return sent;
      },
      sendOver(count, ms) {
        const next = (): void => {
          sent += 1;
          socket.send({ from: life, n: sent });
        };
        for (let i = 0; i < count; i += 1) setTimeout(next, Math.random() * ms);
      },
      async ask(of) {
        const from = performance.now();
        const answer = await request<FromServer & Question>({ from: life, of });
        return { of: answer.of, from: answer.from, ms: performance.now() - from };
      },
    };
    return () => h('p', socket.phase.value);
  },
}).mount('#app');
