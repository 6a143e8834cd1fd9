/** One process of the chat, on a bus in memory, and the pages that come to it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { ChatMessage, Person } from '../../playground/protocol/chat.ts';
import { createNeighbours } from '../../playground/server/bus/neighbours.ts';
import { createSharedRooms } from '../../playground/server/bus/shared-rooms.ts';
import { createChatServer } from '../../playground/server/chat-server.ts';
import { eventually } from '../support/eventually.ts';
import { type ChatListener, listenTo } from './chat-listener.ts';
import type { MemoryBus, MemoryNet } from './memory-bus.ts';

export interface Page extends ChatListener {
  /** What was said, whether it came by itself or with others. */
  messages(): ChatMessage[];
  texts(): string[];
  say(text: string, key?: string): void;
  /** Waits until the server has answered to all that was sent before. */
  settle(): Promise<void>;
  /** What the page shows in its url when it comes back. */
  place(): string;
  /** The people of its room, as it was last told. */
  people(): Record<string, number>;
}

export interface ChatProcess {
  readonly bus: MemoryBus;
  /** A page that has been welcomed. */
  come(query: string): Promise<Page>;
  /** The process ends without a word. */
  kill(): Promise<void>;
  end(): Promise<void>;
}

/** `onLost`: the bus has lost its log. */
export async function startProcess(net: MemoryNet, onLost = (): void => {}): Promise<ChatProcess> {
  const bus = net.connect();
  const rooms = await createSharedRooms(bus);
  rooms.onLost(onLost);
  const neighbours = createNeighbours(bus, { every: 20 });
  const chat = createChatServer({ rooms, neighbours, tellEvery: 5 });
  const http = createServer().on('upgrade', (...upgrade) => chat.handleUpgrade(...upgrade));
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const pages = new Set<Page>();

  async function end(): Promise<void> {
    for (const { socket } of pages) socket.terminate();
    await chat.close();
    neighbours.close();
    http.closeAllConnections();
    http.close();
  }

  return {
    bus,
    async come(query) {
      const page = createPage(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/chat${query}`);
      pages.add(page);
      await eventually(() => expect(page.of('welcome')).toHaveLength(1));
      return page;
    },
    async kill() {
      bus.kill();
      await end();
    },
    end,
  };
}

function createPage(url: string): Page {
  const listener = listenTo(url);
  const { socket, heard } = listener;
  const page: Page = {
    ...listener,
    messages: () =>
      heard.flatMap((message) => {
        if (typeof message === 'string') return [];
        return message.type === 'past' ? message.messages : message.type === 'chat' ? [message] : [];
      }),
    texts: () => page.messages().map(({ text }) => text),
    say: (text, key) => socket.send(JSON.stringify({ type: 'chat', text, key })),
    async settle() {
      const answers = (): number => heard.filter((message) => message === 'HeartBeat').length;
      const before = answers();
      socket.send('HeartBeat');
      await eventually(() => expect(answers()).toBe(before + 1));
    },
    place() {
      const { epoch, number } = page.messages().at(-1) ?? (page.of('welcome')[0] as { epoch: string; number: number });
      return `epoch=${epoch}&since=${number}`;
    },
    people: () =>
      Object.fromEntries(
        (page.of('people').at(-1)?.people ?? []).map(({ id, connections }: Person) => [id, connections]),
      ),
  };
  return page;
}
