/** The composable with mock-socket, as an app's own tests would use it. */
import { mount } from '@vue/test-utils';
import { Server, WebSocket } from 'mock-socket';
import { expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { eventually } from '../support/eventually';

test('a component under test talks to a mock server', async () => {
  const server = new Server('ws://mock/');
  const received: unknown[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      received.push(data);
      socket.send(`echo ${data}`);
    });
  });
  const wrapper = mount(
    defineComponent(() => {
      const { data, status, send } = useHeartbeatSocket<string>('ws://mock/', { WebSocket });
      send('hello');
      return () => h('p', `${status.value} ${data.value}`);
    }),
  );
  await eventually(() => expect(wrapper.text()).toBe('OPEN echo hello'));
  expect(received).toEqual(['hello']);
  wrapper.unmount();
  await eventually(() => expect(server.clients()).toHaveLength(0));
  server.stop();
});
