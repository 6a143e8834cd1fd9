/** What runs in the page: an app with one connection that the test mounts and unmounts, and a diary of its life. */
import { type App, createApp, h } from 'vue';
import {
  type UseHeartbeatSocketOptions,
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
} from 'vue-heartbeat-socket';
import { tabs } from 'vue-heartbeat-socket/tabs';

type Data = string | ArrayBuffer;

/** What a test may ask of the connection. */
export interface PageOptions extends Pick<UseHeartbeatSocketOptions, 'connectTimeout'> {
  /** ms. */
  readonly interval?: number;
  /** ms. */
  readonly pongTimeout?: number;
  /** The bytes of a heartbeat. */
  readonly beat?: readonly number[];
  /** All tabs have one socket. */
  readonly shares?: boolean;
}

export interface PageApp {
  mount(url: string, options?: PageOptions): void;
  unmount(): void;
  /** A WebSocket without the library, made anew at once after each end. */
  openBare(url: string): void;
  socket: UseHeartbeatSocketReturn<Data, Data> | undefined;
  readonly received: string[];
  readonly diary: string[];
  /** How many sockets of the library the page holds that are not closed. */
  unclosed(): number;
  isBareOpen: boolean;
}

declare global {
  interface Window {
    page: PageApp;
  }
}

const BrowsersWebSocket = window.WebSocket;
const sockets: WebSocket[] = [];

/** The browser's own, counted. */
window.WebSocket = class extends BrowsersWebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.push(this);
  }
};

const received: string[] = [];
const diary: string[] = [];
let app: App | undefined;

for (const type of ['beforeunload', 'pagehide', 'pageshow']) {
  window.addEventListener(type, () => diary.push(type), true);
}

function mount(
  url: string,
  { interval = 10_000, pongTimeout = 10_000, beat, shares, ...options }: PageOptions = {},
): void {
  app = createApp({
    setup() {
      const socket = useHeartbeatSocket<Data, Data>(url, {
        ...options,
        ...(shares && { share: tabs() }),
        heartbeat: { interval, pongTimeout, ...(beat && { message: new Uint8Array(beat) }) },
        onConnected: () => diary.push('connected'),
        onDisconnected: (_, { code, reason }) => diary.push(`disconnected ${code} ${reason}`),
        onEvent: (event) => event.type === 'lead' && diary.push(event.isLeader ? 'leads' : 'does not lead'),
        onMessage: (_, { data }) => received.push(typeof data === 'string' ? data : `${new Uint8Array(data)}`),
      });
      window.page.socket = socket;
      return () => h('p', socket.phase.value);
    },
  });
  app.mount('#app');
}

function openBare(url: string): void {
  const socket = new BrowsersWebSocket(url);
  socket.onopen = () => {
    window.page.isBareOpen = true;
  };
  socket.onclose = () => openBare(url);
}

window.page = {
  mount,
  unmount: () => app?.unmount(),
  openBare,
  socket: undefined,
  received,
  diary,
  unclosed: () => sockets.filter(({ readyState }) => readyState < WebSocket.CLOSED).length,
  isBareOpen: false,
};

// A page that is loaded anew connects by itself.
const server = new URLSearchParams(location.search).get('server');
if (server) mount(server);
