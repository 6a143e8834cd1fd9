/** A page with a component that calls the composable, against the test server. */
import { createApp, defineComponent, h, nextTick } from 'vue';
import { type UseHeartbeatSocketOptions, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';

export interface Mounted {
  readonly socket: UseHeartbeatSocketReturn<unknown>;
  readonly received: unknown[];
  unmount(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: tests send and receive anything
type Options = UseHeartbeatSocketOptions<any, any>;

export function mountSocket(url: string, options: Options = {}): Mounted {
  const received: unknown[] = [];
  let socket!: UseHeartbeatSocketReturn<unknown>;
  const app = createApp(
    defineComponent(() => {
      socket = useHeartbeatSocket(url, {
        ...options,
        onMessage(ws, event, value) {
          received.push(value);
          options.onMessage?.(ws, event, value);
        },
      });
      return () => h('p', socket.status.value);
    }),
  );
  app.mount(document.createElement('div'));
  return { socket, received, unmount: () => app.unmount() };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until it holds; answers with how long that took (ms). */
export async function until(holds: () => unknown, what: string, within = 20_000): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > within) throw new Error(`${what}: not within ${within} ms`);
    await sleep(5);
  }
  await nextTick();
  return performance.now() - start;
}

export const opens = ({ socket }: Mounted, within?: number): Promise<number> =>
  until(() => socket.status.value === 'OPEN', 'open', within);
