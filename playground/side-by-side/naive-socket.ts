/**
 * The usual way to write it, found in many an app: one socket, three timers, a lock so that only one reconnect is pending.
 * Nothing in it is made worse than it is in the wild. What it lacks is told where it is missed.
 */
import { onUnmounted } from 'vue';
import type { FeedMessage } from '../protocol/feed.ts';
import { HEARTBEAT, HEARTBEAT_INTERVAL, PONG_TIMEOUT } from '../protocol/heartbeat.ts';

const RECONNECT = 4_000;

export const STATES = ['connecting', 'open', 'closing', 'closed'] as const;
export type NaiveState = (typeof STATES)[number];

export function useNaiveSocket(
  url: () => string,
  receive: (message: FeedMessage) => void,
  tell: (state: NaiveState) => void,
) {
  let ws: WebSocket | undefined;
  let beatTimer: ReturnType<typeof setTimeout> | undefined;
  let answerTimer: ReturnType<typeof setTimeout> | undefined;
  let reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  let isLocked = false;

  const show = (): void => tell(STATES[ws?.readyState ?? WebSocket.CLOSED] as NaiveState);

  function connect(): void {
    try {
      ws = new WebSocket(url());
    } catch {
      reconnect();
      return;
    }
    ws.onopen = () => {
      show();
      heartbeat();
    };
    ws.onmessage = ({ data }) => {
      if (data.includes(HEARTBEAT)) heartbeat();
      else receive(JSON.parse(data));
    };
    ws.onerror = reconnect;
    ws.onclose = () => {
      show();
      reconnect();
    };
    show();
  }

  function heartbeat(): void {
    stopHeartbeat();
    beatTimer = setTimeout(() => {
      ws?.send(HEARTBEAT);
      answerTimer = setTimeout(() => {
        // On a dead link the browser takes a minute to say `close`, and until then nothing is done about it.
        ws?.close();
        show();
      }, PONG_TIMEOUT);
    }, HEARTBEAT_INTERVAL);
  }

  function stopHeartbeat(): void {
    clearTimeout(beatTimer);
    clearTimeout(answerTimer);
  }

  function reconnect(): void {
    if (isLocked) return;
    isLocked = true;
    stopHeartbeat();
    clearTimeout(reconnectTimer);
    reconnectTimer = setTimeout(() => {
      isLocked = false;
      connect();
    }, RECONNECT);
  }

  connect();
  // The component leaves, its socket closes, `onclose` is called, and that reconnects: nothing says that it has left.
  onUnmounted(() => {
    stopHeartbeat();
    ws?.close();
  });
}
