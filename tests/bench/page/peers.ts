/**
 * Each contestant, as a component would use it: called in a setup, ended with its scope, told of what a component wants to
 * know. All have reconnecting on, and a heartbeat where they know one, with the same figures.
 */
import { ReconnectingWebSocket as Rews } from '@nktkas/rews';
import { useIntervalFn, useWebSocket } from '@vueuse/core';
import PartySocket from 'partysocket/ws';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { io } from 'socket.io-client';
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import { useHeartbeatSocket } from 'vue-heartbeat-socket';
import heartbeatJs from 'websocket-heartbeat-js';

export interface Usage {
  readonly url: string;
  /** ms. */
  readonly interval: number;
  readonly pongTimeout: number;
  onOpen?(): void;
  /** Each message. Without it, the last one is wanted as `data`. */
  onMessage?(data: unknown): void;
}

export interface Link {
  readonly data: Readonly<ShallowRef<unknown>>;
  send(data: string): void;
}

export type Connect = (usage: Usage) => Link;

const BEAT = 'HeartBeat';

/** An old form of package: where the default is depends on the bundler. */
const HeartbeatJs = (heartbeatJs as unknown as { default?: typeof heartbeatJs }).default ?? heartbeatJs;

/** What has the shape of a WebSocket. */
interface Socket {
  onopen: unknown;
  onmessage: unknown;
  send(data: string): void;
  close(): void;
}

/** By hand, as an app without a composable does it. */
function attach(socket: Socket, { onOpen, onMessage }: Usage): Link {
  const data = shallowRef<unknown>(null);
  const keep = (value: unknown): void => {
    data.value = value;
  };
  const heard = onMessage ?? keep;
  socket.onopen = () => onOpen?.();
  socket.onmessage = (event: MessageEvent) => heard(event.data);
  onScopeDispose(() => socket.close());
  return { data, send: (text) => socket.send(text) };
}

export const PEERS: Record<string, Connect> = {
  'vue-heartbeat-socket': ({ url, interval, pongTimeout, onOpen, onMessage }) =>
    useHeartbeatSocket(url, {
      heartbeat: { message: BEAT, interval, pongTimeout },
      ...(onOpen && { onConnected: () => onOpen() }),
      ...(onMessage && { onMessage: (_, { data }) => onMessage(data) }),
    }),

  useWebSocket: ({ url, interval, pongTimeout, onOpen, onMessage }) =>
    useWebSocket(url, {
      autoReconnect: true,
      heartbeat: {
        message: BEAT,
        pongTimeout,
        scheduler: (beat) => useIntervalFn(beat, interval, { immediate: false }),
      },
      ...(onOpen && { onConnected: () => onOpen() }),
      ...(onMessage && { onMessage: (_, { data }) => onMessage(data) }),
    }),

  partysocket: (usage) => attach(new PartySocket(usage.url), usage),

  'reconnecting-websocket': (usage) => attach(new ReconnectingWebSocket(usage.url), usage),

  'websocket-heartbeat-js': (usage) => {
    const { url, interval, pongTimeout } = usage;
    const socket = new HeartbeatJs({ url, pingTimeout: interval, pongTimeout, pingMsg: BEAT });
    return attach(socket as unknown as Socket, usage);
  },

  '@nktkas/rews': (usage) => attach(new Rews(usage.url), usage),

  'socket.io-client': ({ url, onOpen, onMessage }) => {
    const socket = io(url, { transports: ['websocket'], forceNew: true });
    const data = shallowRef<unknown>(null);
    socket.on('connect', () => onOpen?.());
    socket.on('echo', (value: unknown) => onMessage?.(value));
    onScopeDispose(() => socket.close());
    return { data, send: (text) => socket.emit('echo', text) };
  },

  'bare WebSocket': (usage) => attach(new WebSocket(usage.url), usage),
};
