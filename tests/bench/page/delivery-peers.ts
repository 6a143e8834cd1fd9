/** Each contestant of the delivery run, as an app would use it: told of what it wants to know, with the same figures. */
import { useIntervalFn, useWebSocket } from '@vueuse/core';
import { io } from 'socket.io-client';
import { atLeastOnce, backoff, type UseHeartbeatSocketOptions, useHeartbeatSocket } from 'vue-heartbeat-socket';
import type { PageNote } from '../delivery/count.ts';
import { FIGURES } from '../delivery/server.ts';
import { SOCKET_IO, USE_WEB_SOCKET, WITH_PROOF, WITHOUT_PROOF } from './delivery-names.ts';

export interface Sender {
  send(n: number): void;
  /** How many numbers still wait for something. Undefined: the library does not tell. */
  pending?(): number;
}

export type ConnectSender = (url: string, note: (...note: PageNote) => void) => Sender;

const { interval, pongTimeout, ackWithin, connectTimeout, delay } = FIGURES;

const ours =
  (more: UseHeartbeatSocketOptions<string, string>): ConnectSender =>
  (url, note) => {
    const socket = useHeartbeatSocket<string, string>(url, {
      heartbeat: { message: 'HeartBeat', interval, pongTimeout, probeTimeout: pongTimeout },
      autoReconnect: { delay: backoff({ first: delay, base: delay, max: delay }) },
      connectTimeout,
      buffer: { onDropped: (n) => note('reported', Number(n)) },
      onSend: (n) => note('handed', Number(n)),
      onMessage: (_, __, n) => note('heard', Number(n)),
      onEvent({ type }) {
        if (type === 'answered' || type === 'ended') note(type);
      },
      ...more,
    });
    return { send: (n) => void socket.send(`${n}`), pending: () => socket.pending.value };
  };

export const SENDERS: Readonly<Record<string, ConnectSender>> = {
  [WITH_PROOF]: ours({
    delivery: atLeastOnce({ ackWithin }),
    cursor: (n) => Number(n),
    beforeConnect: ({ url, cursor = 0 }) => `${url}?since=${cursor}`,
  }),

  [WITHOUT_PROOF]: ours({}),

  [USE_WEB_SOCKET](url, note) {
    const socket = useWebSocket<string>(url, {
      autoReconnect: { delay },
      heartbeat: {
        message: 'HeartBeat',
        pongTimeout,
        scheduler: (beat) => useIntervalFn(beat, interval, { immediate: false }),
      },
      onMessage: (_, { data }) => note('heard', Number(data)),
    });
    return { send: (n) => void socket.send(`${n}`) };
  },

  [SOCKET_IO](url, note) {
    // So many retries that it never gives a number up.
    const socket = io(url, {
      transports: ['websocket'],
      retries: 100_000,
      ackTimeout: pongTimeout,
      timeout: connectTimeout,
      reconnectionDelay: delay,
      reconnectionDelayMax: delay,
    });
    let waiting = 0;
    socket.on('number', (n: number) => note('heard', n));
    return {
      send(n) {
        waiting += 1;
        socket.emit('number', n, (error: unknown) => {
          waiting -= 1;
          if (error) note('reported', n);
        });
      },
      pending: () => waiting,
    };
  },
};
