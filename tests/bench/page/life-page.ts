/** The page in which components with a connection live and end. Its sockets have no network: a page may have 255 real ones. */
import { createApp, effectScope, h } from 'vue';
import { FakeSocket } from './fake-socket.ts';
import { PEERS } from './peers.ts';

export interface LifePage {
  /** ms for so many lives: mount, connection opened, unmount. Without a contestant the component is empty. */
  live(name: string | undefined, lives: number): number;
  /** Opens connections, and holds them. */
  hold(name: string, connections: number): Promise<void>;
}

Object.assign(window, { WebSocket: FakeSocket });

const USAGE = { url: 'ws://127.0.0.1/', interval: 10_000, pongTimeout: 10_000, onMessage() {} };

const life: LifePage = {
  live(name, lives) {
    const connect = name === undefined ? undefined : PEERS[name];
    const component = {
      setup() {
        connect?.(USAGE);
        return () => h('p');
      },
    };
    const place = document.createElement('main');
    const startedAt = performance.now();
    for (let i = 0; i < lives; i += 1) {
      const app = createApp(component);
      app.mount(place);
      if (connect) FakeSocket.newest?.open();
      app.unmount();
    }
    return performance.now() - startedAt;
  },

  async hold(name, connections) {
    const connect = PEERS[name];
    if (!connect) throw new Error(`no contestant ${name}`);
    const sockets: FakeSocket[] = [];
    Object.assign(window, {
      sockets,
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(url);
          sockets.push(this);
        }
      },
    });
    const held = Array.from({ length: connections }, () => {
      const scope = effectScope(true);
      scope.run(() => connect(USAGE));
      return scope;
    });
    Object.assign(window, { held });
    // Some connect a moment later.
    while (sockets.length < connections) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const socket of sockets) socket.open();
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
};

Object.assign(window, { life });
