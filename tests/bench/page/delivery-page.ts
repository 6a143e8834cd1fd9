/** The page of the delivery run: one component that sends numbers at a steady pace, and notes what it hears. */
import { createApp, h } from 'vue';
import type { PageNote } from '../delivery/count.ts';
import { SENDERS, type Sender } from './delivery-peers.ts';

export interface DeliveryPage {
  connect(name: string, url: string): void;
  /** Sends the numbers from 1 to `count` over `span` ms. Those that a frozen page could not send are sent when it goes on. */
  run(count: number, span: number): void;
  look(): { readonly given: number; readonly pending: number; readonly heard: number };
  notes(): readonly PageNote[];
}

const TICK = 20;

const notes: PageNote[] = [];
let sender: Sender | undefined;
let given = 0;

const delivery: DeliveryPage = {
  connect(name, url) {
    const connect = SENDERS[name];
    if (!connect) throw new Error(`no contestant ${name}`);
    createApp({
      setup() {
        sender = connect(url, (...note) => notes.push(note));
        return () => h('p');
      },
    }).mount(document.body.appendChild(document.createElement('main')));
  },
  run(count, span) {
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - startedAt) / span) * count));
      while (given < due) {
        given += 1;
        sender?.send(given);
      }
      if (given === count) clearInterval(timer);
    }, TICK);
  },
  look: () => ({ given, pending: sender?.pending?.() ?? 0, heard: notes.filter(([what]) => what === 'heard').length }),
  notes: () => notes,
};

Object.assign(window, { delivery });
