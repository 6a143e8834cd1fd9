/** The page that takes messages in, with one component. */
import { createApp, h, type ShallowRef } from 'vue';
import { PEERS } from './peers.ts';

/** How messages are wanted: each one by a callback, or the last one in a template. */
export type Manner = 'callback' | 'template';

export interface MessagesPage {
  /** ms from asking the server until the last of its messages was handled. */
  run(name: string, url: string, manner: Manner, last: string): Promise<number>;
}

const messages: MessagesPage = {
  run(name, url, manner, last) {
    const connect = PEERS[name];
    if (!connect) throw new Error(`no contestant ${name}`);
    return new Promise((resolve, reject) => {
      let startedAt = 0;
      let count = 0;
      let shown: Readonly<ShallowRef<unknown>> | undefined;
      const end = (): void => {
        const ms = performance.now() - startedAt;
        // Not from within its own callback.
        setTimeout(() => {
          app.unmount();
          resolve(ms);
        });
      };
      const app = createApp({
        setup() {
          const link = connect({
            url,
            interval: 10_000,
            pongTimeout: 10_000,
            onOpen() {
              startedAt = performance.now();
              link.send('go');
            },
            ...(manner === 'callback' && {
              onMessage(data) {
                count += 1;
                if (data === last) end();
              },
            }),
          });
          if (manner === 'template') shown = link.data;
          return () => {
            const text = shown?.value;
            if (text === last) end();
            return h('p', [h('b', String(text)), h('i', count)]);
          };
        },
      });
      app.config.errorHandler = reject;
      app.mount(document.body.appendChild(document.createElement('main')));
    });
  },
};

Object.assign(window, { messages });
