/** The page that sends as fast as it can, with one component. */
import { createApp, h } from 'vue';
import { atLeastOnce, type UseHeartbeatSocketReturn, useHeartbeatSocket } from 'vue-heartbeat-socket';
import { FakeSocket } from './fake-socket.ts';

export interface SendingPage {
  /** Connects, with proof of delivery or without. Without a url the socket has no network. */
  connect(isProven: boolean, url?: string): Promise<void>;
  /** ms from the first of so many messages until the server has said that it has read the last one. */
  run(isProven: boolean, count: number, text: string): Promise<number>;
  /** ms that the page's code needs for so many messages, and for the answer to the heartbeat that proves them. No network. */
  spend(isProven: boolean, count: number, text: string): Promise<number>;
}

/** ms that the page takes to prove what it has been told is read. */
let proving = 0;

/** Answers heartbeats at once, and takes everything else. */
class AnsweringSocket extends FakeSocket {
  constructor(url: string) {
    super(url);
    setTimeout(() => this.open());
  }

  override send(data?: unknown): void {
    if (data !== 'HeartBeat') return;
    setTimeout(() => {
      const startedAt = performance.now();
      this.hear({ type: 'message', data, origin: '' });
      proving += performance.now() - startedAt;
    });
  }
}

const sockets = new Map<boolean, UseHeartbeatSocketReturn<string, string>>();
let hear = (): void => {};

const sending: SendingPage = {
  connect: (isProven, url) =>
    new Promise((resolve) => {
      createApp({
        setup() {
          const socket = useHeartbeatSocket<string, string>(url ?? 'ws://127.0.0.1/', {
            heartbeat: { interval: 1_000 },
            buffer: { limit: 200_000, highWaterMark: 2 ** 30 },
            onConnected: () => resolve(),
            onMessage: () => hear(),
            ...(isProven && { delivery: atLeastOnce({ ackWithin: 10 }) }),
            ...(!url && { WebSocket: AnsweringSocket as unknown as typeof WebSocket }),
          });
          sockets.set(isProven, socket);
          return () => h('p');
        },
      }).mount(document.body.appendChild(document.createElement('main')));
    }),

  run: (isProven, count, text) =>
    new Promise((resolve) => {
      const socket = sockets.get(isProven);
      const startedAt = performance.now();
      hear = () => {
        const ms = performance.now() - startedAt;
        // Not from within its own callback, and when all is proven.
        const wait = (): unknown => (socket?.pending.value ? setTimeout(wait, 10) : resolve(ms));
        setTimeout(wait);
      };
      for (let i = 1; i < count; i += 1) socket?.send(text);
      socket?.send('last');
    }),

  async spend(isProven, count, text) {
    const socket = sockets.get(isProven);
    proving = 0;
    const startedAt = performance.now();
    for (let i = 0; i < count; i += 1) socket?.send(text);
    const sent = performance.now() - startedAt;
    while (socket?.pending.value) await new Promise((resolve) => setTimeout(resolve, 10));
    return sent + proving;
  },
};

Object.assign(window, { sending });
