/** What runs in a worker: a connection to the url that the page sends, and what happens to it. */
import { effectScope } from 'vue';
import { useHeartbeatSocket } from 'vue-heartbeat-socket';

/** What the page asks for. */
export interface WorkerTask {
  readonly url: string;
  /** What is handed in: the worker's `WebSocket`, the worker itself in place of a window, or nothing. */
  readonly given: 'WebSocket' | 'window' | 'nothing';
}

addEventListener('message', ({ data: { url, given } }: MessageEvent<WorkerTask>) => {
  effectScope().run(() => {
    const { phase, send } = useHeartbeatSocket<string, string>(url, {
      ...(given === 'WebSocket' && { WebSocket }),
      ...(given === 'window' && { window: self }),
      onConnected: () => send('hello'),
      onMessage: (_, event, value) => postMessage(`${value} from ${(event.target as WebSocket).url}`),
      onEvent: (event) => event.type === 'erred' && postMessage(event.error.message),
    });
    if (phase.value === 'idle') postMessage('idle');
  });
});
