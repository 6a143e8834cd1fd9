/** What Vue's devtools keep of connections that the app has dropped. */
import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import { type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../src';
import { collectGarbage } from '../support/garbage';
import { useRecordingDevtools } from '../support/recording-devtools';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();
const devtools = useRecordingDevtools();

const MANY = 50;

type Socket = Pick<UseHeartbeatSocketReturn, 'open' | 'close'>;

/** Makes connections that outlive their component, and ends the component. */
function makeMany(immediate: boolean): Socket[] {
  const sockets: Socket[] = [];
  const options = { WebSocket: fake.WebSocket, autoClose: false, immediate };
  const Maker = defineComponent(() => {
    for (let i = 0; i < MANY; i += 1) sockets.push(useHeartbeatSocket(`ws://${i}/`, options));
    return () => h('p');
  });
  mount(Maker).unmount();
  devtools.newest.open();
  return sockets;
}

/** A function of its own, so that the test's own frame holds none of them. */
const closeOne = ({ close }: Socket): void => close();

const phases = (): unknown[] => devtools.newest.tree().map(({ tags }) => tags?.[0]?.label);

test.each([
  ['closed', true],
  ['never opened', false],
])('a connection without autoClose that was %s is freed with the last who can open it', async (_, immediate) => {
  const sockets = makeMany(immediate);
  if (immediate) sockets.forEach(closeOne);
  const handles = sockets.map((socket) => new WeakRef(socket));
  await collectGarbage();
  // They can be opened again, from the devtools, too.
  expect(phases()).toEqual(Array(MANY).fill(immediate ? 'closed' : 'idle'));
  sockets.length = 0;
  await collectGarbage();
  expect(handles.filter((handle) => handle.deref())).toEqual([]);
  expect(phases()).toEqual([]);
});

test('a connection without autoClose that is open stays in the devtools, though nobody holds it', async () => {
  makeMany(true);
  for (const socket of fake.sockets) socket.accept();
  await collectGarbage();
  expect(phases()).toEqual(Array(MANY).fill('open'));
  const [shown] = devtools.newest.tree();
  devtools.newest.action('stop')(shown?.id as string);
  expect(fake.live()).toHaveLength(MANY - 1);
  for (const { id } of devtools.newest.tree()) devtools.newest.action('stop')(id);
});
