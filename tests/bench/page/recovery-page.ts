/** The page that loses its connection: one component, and a diary of sockets made and connections proven. */
import { createApp, h } from 'vue';
import { PEERS } from './peers.ts';

/** In ms since the epoch. It is in the page before its script is. */
export interface RecoveryDiary {
  /** When sockets were made. */
  readonly made: number[];
  /** When a message was answered on a connection that was new. */
  readonly proven: number[];
}

export interface RecoveryPage {
  start(name: string, url: string, interval: number, pongTimeout: number): void;
}

const { proven } = (window as unknown as { readonly diary: RecoveryDiary }).diary;

const recovery: RecoveryPage = {
  start(name, url, interval, pongTimeout) {
    const connect = PEERS[name];
    if (!connect) throw new Error(`no contestant ${name}`);
    let opened = 0;
    createApp({
      setup() {
        const link = connect({
          url,
          interval,
          pongTimeout,
          onOpen() {
            opened += 1;
            link.send(`open ${opened}`);
          },
          onMessage(data) {
            if (data === `open ${opened}`) proven.push(Date.now());
          },
        });
        return () => h('p');
      },
    }).mount(document.body.appendChild(document.createElement('main')));
  },
};

Object.assign(window, { recovery });
