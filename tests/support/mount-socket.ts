/** A component in jsdom that does nothing but call the composable, on fake sockets. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { defineComponent, h } from 'vue';
import { type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';
import type { FakeWebSocket } from './fake-web-socket';

export interface MountedSocket {
  /** Its text is the status, the phase and the last message. */
  readonly wrapper: VueWrapper;
  readonly socket: UseHeartbeatSocketReturn<unknown>;
}

/** Mounts the component. The sockets that it opens are those of `fake`. */
export function mountSocket(
  fake: FakeWebSocket,
  options: Parameters<typeof useHeartbeatSocket>[1] = {},
  url: Parameters<typeof useHeartbeatSocket>[0] = 'ws://server/',
): MountedSocket {
  let socket!: UseHeartbeatSocketReturn<unknown>;
  const wrapper = mount(
    defineComponent(() => {
      socket = useHeartbeatSocket<unknown>(url, { WebSocket: fake.WebSocket, ...options });
      return () => h('p', `${socket.status.value} ${socket.phase.value} ${socket.data.value}`);
    }),
  );
  return { wrapper, socket };
}
