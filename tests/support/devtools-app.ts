/** Apps with connections, as the tests of the devtools mount them. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { type Component, defineComponent, h } from 'vue';
import { useHeartbeatSocket } from '../../src';
import { appPlugin } from './app-plugin';
import type { FakeWebSocket } from './fake-web-socket';
import type { AppPanel, RecordingDevtools } from './recording-devtools';

type Options = Parameters<typeof appPlugin>[1];

export interface DevtoolsApps {
  /** A component with a connection of its own. */
  readonly Prices: Component;
  /** A component that joins the connection of the app. */
  readonly Badge: Component;
  /** Mounts an app with the plugin, and opens the devtools. */
  mountApp(component?: Component, options?: Options): { wrapper: VueWrapper; panel: AppPanel };
  /** Mounts an app whose only connection is its own, and opens the connection and the devtools. */
  openApp(options?: Options): { wrapper: VueWrapper; panel: AppPanel; id: string };
}

export function devtoolsApps(fake: FakeWebSocket, devtools: RecordingDevtools): DevtoolsApps {
  const Prices = defineComponent({
    name: 'Prices',
    props: { url: { type: String, default: 'ws://prices/?token=secret' } },
    setup(props) {
      useHeartbeatSocket(() => props.url, { WebSocket: fake.WebSocket, autoReconnect: { delay: 3_000 } });
      return () => h('p');
    },
  });
  const Badge = defineComponent({
    name: 'Badge',
    setup() {
      useHeartbeatSocket();
      return () => h('i');
    },
  });
  const mountApp: DevtoolsApps['mountApp'] = (component = Prices, options = {}) => {
    const wrapper = mount(component, { global: { plugins: [appPlugin(fake, options)] } });
    const panel = devtools.newest;
    panel.open();
    return { wrapper, panel };
  };
  return {
    Prices,
    Badge,
    mountApp,
    openApp(options = {}) {
      const { wrapper, panel } = mountApp({ render: () => null }, options);
      fake.newest.accept();
      return { wrapper, panel, id: panel.tree()[0]?.id as string };
    },
  };
}
