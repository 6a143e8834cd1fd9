/** The status component with a slot: the app renders the status itself. */
import { mount } from '@vue/test-utils';
import { expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import { HeartbeatSocketStatus } from '../../src';
import { appPlugin } from '../support/app-plugin';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

const plugins = () => [appPlugin(fake, { autoReconnect: { delay: 3_000 } })];

test('with a slot the status renders the slot alone, with a countdown', async () => {
  const wrapper = mount(HeartbeatSocketStatus, {
    global: { plugins: plugins() },
    slots: { default: '<template #default="s"><b>{{ s.phase }} {{ s.status }} {{ s.retryInMs }}</b></template>' },
  });
  fake.newest.accept();
  fake.newest.end();
  await nextTick();
  expect(wrapper.html()).toBe('<b>waiting CLOSED 3000</b>');
  vi.advanceTimersByTime(1_000);
  await nextTick();
  expect(wrapper.text()).toBe('waiting CLOSED 2000');
  vi.advanceTimersByTime(2_000);
  await nextTick();
  expect(wrapper.text()).toBe('connecting CLOSED'.replace('CLOSED', 'CONNECTING'));
  wrapper.unmount();
  expect(vi.getTimerCount()).toBe(0);
});

test('a slot with one root takes class and attributes, and may stand in a transition', async () => {
  const wrapper = mount(
    {
      components: { HeartbeatSocketStatus },
      template: `<Transition>
        <HeartbeatSocketStatus class="status" data-testid="x" v-slot="{ phase }"><em>{{ phase }}</em></HeartbeatSocketStatus>
      </Transition>`,
    },
    { global: { plugins: plugins(), stubs: { transition: false } } },
  );
  expect(wrapper.html()).toBe('<em class="status" data-testid="x">connecting</em>');
  fake.newest.accept();
  await nextTick();
  expect(wrapper.html()).toBe('<em class="status" data-testid="x">open</em>');
  wrapper.unmount();
});

test('the open and close that the slot is given work on the connection', async () => {
  const wrapper = mount(HeartbeatSocketStatus, {
    global: { plugins: plugins() },
    slots: { default: '<template #default="s"><button @click="s.close">{{ s.phase }}</button></template>' },
  });
  fake.newest.accept();
  await wrapper.find('button').trigger('click');
  expect(wrapper.text()).toBe('closed');
  wrapper.unmount();
});

test('a message does not render the status again', async () => {
  let renders = 0;
  const wrapper = mount(
    {
      template:
        '<HeartbeatSocketStatus :socket="$heartbeatSocket" v-slot="{ phase }">{{ count() }}{{ phase }}</HeartbeatSocketStatus>',
      components: { HeartbeatSocketStatus },
      methods: {
        count() {
          renders += 1;
        },
      },
    },
    { global: { plugins: plugins() } },
  );
  fake.newest.accept();
  await nextTick();
  const before = renders;
  for (let i = 0; i < 10; i += 1) {
    fake.newest.say(i);
    await nextTick();
  }
  expect(renders).toBe(before);
  wrapper.unmount();
});
