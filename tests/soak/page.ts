/** The page of the soak: one component that is mounted and unmounted, and a log of all that happens to it. */
import { createApp, defineComponent, h } from 'vue';
import { backoff, type ConnectAttempt, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src/index.ts';
import { createChance } from './chance.ts';
import type { PageEvent, PageState, SoakPage } from './page-log.ts';
import { watchPage } from './page-watch.ts';
import { SETTINGS } from './settings.ts';

interface FromServer {
  readonly c: number;
  readonly s: number;
}

type ToServer = { readonly hi: number } | { readonly n: number; readonly text: string };

const query = new URLSearchParams(location.search);
const server = query.get('server') as string;
const chance = createChance(Number(query.get('seed')));
// Jitter, too, is repeated with the seed.
Math.random = chance;

// Added before the counting starts: not the library's.
for (const name of ['online', 'offline'])
  window.addEventListener(name, () => note({ what: 'signal', name, t: Date.now() }));
for (const name of ['freeze', 'resume']) {
  document.addEventListener(name, () => {
    note({ what: 'signal', name, t: Date.now() });
    isFrozen = name === 'freeze';
    tickedAt = performance.now();
  });
}
window.addEventListener('unhandledrejection', ({ reason }) => trouble(`unhandled rejection: ${reason}`));

// In development Vue looks for its devtools for 3 s after the first app was made: not the library's timer either.
createApp({});

const watch = watchPage();
/** The listeners of those who look from outside. */
let otherListeners = 0;
let events: PageEvent[] = [];
let i = 0;
let n = 0;
let openedAt = 0;
let stall = 0;
let isFrozen = false;
let tickedAt = performance.now();
let isHushed = false;
let socket: UseHeartbeatSocketReturn<FromServer, ToServer> | undefined;
let unmount = (): void => {};
let stopChat = (): void => {};
/** What each component got from the library. */
let handles: WeakRef<object>[] = [];

const note = (event: PageEvent): void => void events.push(event);
const trouble = (text: string): void => note({ what: 'trouble', text });
const read = (data: unknown): { n?: number } => JSON.parse(data as string);

const TICK = 100;
setInterval(() => {
  const now = performance.now();
  // A frozen page is late by intent.
  if (!isFrozen) stall = Math.max(stall, now - tickedAt - TICK);
  tickedAt = now;
}, TICK);

/** An attempt starts at once, or after a request for a token, say, which may fail when it is no longer wanted. */
function beforeConnect({ signal }: ConnectAttempt): void | Promise<void> {
  const kind = chance();
  if (kind < 0.5) return;
  const wait = kind < 0.6 ? 0 : chance.between(0, 150);
  return new Promise((resolve, reject) => {
    watch.after(wait, resolve);
    if (kind < 0.8) signal.addEventListener('abort', () => reject(signal.reason));
  });
}

const send = (to: UseHeartbeatSocketReturn<FromServer, ToServer>): void => {
  n += 1;
  note({ what: 'given', n });
  to.send({ n, text: 'my HeartBeat is fast' });
};

const Live = defineComponent(() => {
  const live = useHeartbeatSocket<FromServer, ToServer>(server, {
    serializer: { read: (raw: string) => JSON.parse(raw), write: (value) => JSON.stringify(value) },
    connectTimeout: SETTINGS.connectTimeout,
    heartbeat: {
      interval: SETTINGS.interval,
      pongTimeout: SETTINGS.pongTimeout,
      probeTimeout: SETTINGS.probeTimeout,
    },
    autoReconnect: { delay: backoff({ max: SETTINGS.maxDelay }), stableAfter: SETTINGS.stableAfter },
    buffer: {
      limit: SETTINGS.bufferLimit,
      onDropped: (data, reason) => note({ what: 'dropped', n: (data as { readonly n: number }).n, reason }),
    },
    beforeConnect,
    onConnected() {
      i += 1;
      openedAt = Date.now();
      note({ what: 'opened', i, t: openedAt });
      live.send({ hi: i });
    },
    onDisconnected: (_, { code, reason }) => note({ what: 'closed', i, t: Date.now(), code, reason }),
    onMessage: (_, __, { c, s }) => note({ what: 'got', i, c, s }),
    onSend(data) {
      const message = read(data);
      if (message.n) note({ what: 'handed', n: message.n, i });
    },
    // A socket's own error is what faults are for; a HeartbeatSocketError is not.
    onError: (_, event) => 'error' in event && trouble(`onError: ${event.error}`),
  });
  socket = live;
  handles.push(new WeakRef(live.open));
  /** Bursts with pauses between, some long enough for a beat to be due. */
  const chat = (): void => {
    if (!isHushed) for (let k = chance.between(1, 6); k > 0; k -= 1) send(live);
    stopChat = watch.after(chance.between(0, 1_500), chat);
  };
  stopChat = watch.after(0, chat);
  return () => h('p', live.phase.value);
});

const soak: SoakPage = {
  mount() {
    otherListeners = watch.counts.listeners;
    const app = createApp(Live);
    app.config.errorHandler = (error) => trouble(`app error: ${error}`);
    app.mount(document.body.appendChild(document.createElement('main')));
    unmount = () => {
      app.unmount();
      unmount = () => {};
    };
  },
  unmount() {
    const left = socket;
    stopChat();
    unmount();
    document.querySelector('main')?.remove();
    socket = undefined;
    if (!left) return;
    left.open();
    // Else what was buffered must have been reported by then.
    if (chance() < 0.5) send(left);
  },
  hush() {
    isHushed = true;
  },
  look() {
    const status: PageState['status'] = socket?.status.value;
    const { counts } = watch;
    handles = handles.filter((handle) => handle.deref());
    const remembered = handles.length - (socket ? 1 : 0);
    const listeners = counts.listeners - otherListeners;
    const look = { state: { status, i, openedAt, stall, ...counts, listeners, remembered }, events };
    events = [];
    return look;
  },
};

Object.assign(window, { soak });
