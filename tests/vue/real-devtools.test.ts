/** The same in Vue's real devtools: the part of them that lives in the page. */
import { setupDevToolsPlugin } from '@vue/devtools-api';
import { devtools, getInspectorNodeActions, toggleHighPerfMode, updateTimelineLayersState } from '@vue/devtools-kit';
import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { defineComponent, h, nextTick, ref } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket } from '../../src';
import type { InspectorNode, setupPlugin, TimelineEvent } from '../../src/vue/devtools/host';
import { eventually } from '../support/eventually';
import { fakeWebSocket } from '../support/fake-web-socket';

const ID = 'vue-heartbeat-socket';

// Fails to compile where the types here are no longer those of the devtools.
setupDevToolsPlugin satisfies typeof setupPlugin;

test('the real devtools show tree and state, run actions, record events, and keep the setting', async () => {
  devtools.init();
  const fake = fakeWebSocket();
  const Prices = defineComponent({
    name: 'Prices',
    setup() {
      useHeartbeatSocket('ws://prices/', { WebSocket: fake.WebSocket });
      return () => h('p');
    },
  });
  const count = ref(1);
  const Page = defineComponent(() => () => Array.from({ length: count.value }, (_, key) => h(Prices, { key })));
  const wrapper = mount(Page, {
    global: { plugins: [createHeartbeatSocket({ url: 'ws://app/?token=secret', WebSocket: fake.WebSocket })] },
  });
  // What happens when the panel is opened.
  await eventually(() => expect(devtools.ctx.state.activeAppRecord.app).toBeTruthy());
  toggleHighPerfMode(false);

  const tree = async (): Promise<InspectorNode[]> => devtools.api.getInspectorTree({ inspectorId: ID, filter: '' });
  const state = async (nodeId: string) =>
    JSON.stringify(await devtools.api.getInspectorState({ inspectorId: ID, nodeId }));
  expect((await tree()).map(({ label }) => label)).toEqual(['ws://app/?token=***', 'ws://prices/']);
  const [app] = await tree();

  const events: TimelineEvent[] = [];
  devtools.ctx.hooks.hook(
    'sendTimelineEventToClient' as never,
    (({ event }: { event: TimelineEvent }) => {
      events.push(event);
    }) as never,
  );
  updateTimelineLayersState({ recordingState: true, [ID]: true });
  fake.sockets[0]?.accept();
  fake.sockets[0]?.say('hello');
  await eventually(() => expect(events.map(({ title }) => title)).toEqual(['connecting → open', 'opened', 'received']));
  expect(events[2]?.data['data']).toBe('text of 5 characters');
  expect(await state(app?.id as string)).toContain('{"key":"phase","value":"open"}');

  const appPlugin = { descriptor: { app: devtools.ctx.state.activeAppRecord.app } };
  const trees: string[][] = [];
  devtools.ctx.hooks.hook(
    'sendInspectorTreeToClient' as never,
    (({ inspectorId, rootNodes }: { inspectorId: string; rootNodes: InspectorNode[] }) => {
      if (inspectorId === ID) trees.push(rootNodes.map(({ label }) => label));
    }) as never,
  );
  for (const [prices, shown] of [
    [2, 3],
    [1, 2],
  ] as const) {
    count.value = prices;
    await nextTick();
    // Vue's own inspector asks for its tree after each render, and takes the turn of who has asked before it.
    await (devtools.ctx.hooks.callHook as (name: string, about: object) => unknown)('sendInspectorTree', {
      inspectorId: 'components',
      plugin: appPlugin,
    });
    await eventually(() => expect(trees.at(-1)).toHaveLength(shown));
  }

  expect(devtools.api.getPluginSettings(ID).options).toHaveProperty('payloads');
  devtools.api.updatePluginSettings(ID, 'payloads', true as never);
  fake.sockets[0]?.say('hello');
  await eventually(() => expect(events.at(-1)?.data['data']).toBe('hello'));

  await getInspectorNodeActions(ID)
    ?.find(({ icon }) => icon === 'stop')
    ?.action(app?.id as string);
  expect(fake.sockets[0]?.closedWith?.[0]).toBe(1000);
  expect(await state(app?.id as string)).toContain('{"key":"phase","value":"closed"}');
  wrapper.unmount();
  localStorage.clear();
});
