/** What the playground's page does in the chat, without the page: the same urls, options and messages. */
import { effectScope, shallowReactive, shallowRef } from 'vue';
import { WebSocket } from 'ws';
import {
  CHAT_PATH,
  type ChatMessage,
  type ChatRequest,
  type Person,
  placeOf,
  type ServerMessage,
} from '../../../playground/protocol/chat.ts';
import { CONTROL_PATH, type ControlMessage } from '../../../playground/protocol/control.ts';
import { atLeastOnce, type UseHeartbeatSocketReturn, useHeartbeatSocket } from '../../../src/index.ts';

export interface ChatPage {
  /** The texts that were shown, in order. */
  texts(): string[];
  /** The same with their numbers. */
  numbered(): [number: number, text: string][];
  /** Everybody whom the page was ever told of, list by list. */
  readonly lists: readonly (readonly Person[])[];
  /** Connections by name, as the page was told last. */
  people(): Record<string, number>;
  /** The rooms that the page was welcomed to. */
  readonly welcomes: readonly string[];
  /** Who the page is, as the servers said each time. */
  readonly ids: readonly string[];
  /** Other messages of the server: of these types. */
  of(type: 'missed' | 'error' | 'reach'): ServerMessage[];
  say(text: string): void;
  /** How many messages of its own are not proven to have arrived. */
  pending(): number;
  leave(): void;
}

const OPTIONS = {
  WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
  serializer: 'json',
  heartbeat: { interval: 500, pongTimeout: 10_000 },
  autoReconnect: { delay: 200 },
} as const;

/** A page that has come in through this port. */
export function openChatPage(port: number, name: string, room: string): ChatPage {
  const base = `ws://127.0.0.1:${port}`;
  const pass = shallowRef({ id: '', token: '' });
  const heard: ServerMessage[] = shallowReactive([]);
  const ids: string[] = [];
  const scope = effectScope(true);
  let written = 0;

  const { send, pending } = scope.run(() => {
    useHeartbeatSocket<ControlMessage>(`${base}${CONTROL_PATH}`, {
      ...OPTIONS,
      beforeConnect: () => `${base}${CONTROL_PATH}?token=${pass.value.token}`,
      onMessage(_ws, _event, message) {
        if (message.type !== 'visitor') return;
        pass.value = { id: message.id, token: message.token };
        ids.push(message.id);
      },
    });
    const url = (): string | undefined =>
      pass.value.id ? `${base}${CHAT_PATH}?${new URLSearchParams({ name, room })}` : undefined;
    return useHeartbeatSocket<ServerMessage, ChatRequest>(url, {
      ...OPTIONS,
      delivery: atLeastOnce(),
      cursor: placeOf,
      beforeConnect({ url, cursor }) {
        const target = new URL(url);
        const place = cursor as ReturnType<typeof placeOf>;
        const since = place ? { epoch: place.epoch, since: `${place.number}` } : {};
        for (const [key, value] of Object.entries({ ...since, token: pass.value.token }))
          target.searchParams.set(key, value);
        return target.href;
      },
      onMessage: (_ws, _event, message) => void heard.push(message),
    });
  }) as UseHeartbeatSocketReturn<ServerMessage, ChatRequest>;

  const messages = (): ChatMessage[] =>
    heard.flatMap((message) => (message.type === 'past' ? message.messages : message.type === 'chat' ? [message] : []));
  const lists = (): Person[][] => heard.flatMap((message) => (message.type === 'people' ? [message.people] : []));
  return {
    texts: () => messages().map(({ text }) => text),
    numbered: () => messages().map(({ number, text }) => [number, text]),
    get lists() {
      return lists();
    },
    people: () => Object.fromEntries((lists().at(-1) ?? []).map(({ name: of, connections }) => [of, connections])),
    get welcomes() {
      return heard.flatMap((message) => (message.type === 'welcome' ? [message.room] : []));
    },
    ids,
    of: (type) => heard.filter((message) => message.type === type),
    say(text) {
      written += 1;
      send({ type: 'chat', text, key: `${name}-${written}` });
    },
    pending: () => pending.value,
    leave: () => scope.stop(),
  };
}
