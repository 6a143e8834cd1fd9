/** What runs in a live page: an app with one connection, and a diary of what the page lived through. */
import { createApp, h } from 'vue';
import { atLeastOnce, inSessionStorage, type UseHeartbeatSocketReturn, useHeartbeatSocket } from 'vue-heartbeat-socket';

export interface Note {
  readonly what: string;
  /** ms of `performance.now()`. */
  readonly at: number;
}

declare global {
  interface Window {
    live: { readonly socket: UseHeartbeatSocketReturn<string, string>; readonly diary: Note[] };
  }
}

const SIGNALS = ['online', 'offline', 'freeze', 'resume', 'visibilitychange', 'beforeunload', 'pagehide', 'pageshow'];

const diary: Note[] = [];
const note = (what: string): void => void diary.push({ what, at: performance.now() });

// Registered before the library's own, so that its work is part of the time measured.
for (const type of SIGNALS) {
  const isKept = (event: Event): boolean => (event as PageTransitionEvent).persisted;
  window.addEventListener(type, (event) => note(isKept(event) ? `${type}, kept` : type), true);
}

const asked = new URLSearchParams(location.search);
const server = asked.get('server') as string;
const closeAfter = Number(asked.get('closeAfter') ?? Infinity);
const delivery = asked.has('proof') ? atLeastOnce({ ackWithin: 50, storage: inSessionStorage() }) : undefined;

createApp({
  setup() {
    const socket = useHeartbeatSocket<string, string>(server, {
      delivery,
      onDelivered: (value) => note(`delivered ${value}`),
      buffer: { onDropped: (value, reason) => note(`dropped ${value}: ${reason}`) },
      whenHidden: closeAfter < Infinity ? { closeAfter } : 'stay',
      onConnected(ws) {
        note('connected');
        ws.addEventListener('message', () => note('message'));
      },
      onDisconnected: (_, { code, reason }) => note(`disconnected ${code} ${reason}`),
      onMessage: (_, { data }) => data === 'say something' && socket.send('something'),
    });
    window.live = { socket, diary };
    return () => h('p', socket.phase.value);
  },
}).mount('#app');
