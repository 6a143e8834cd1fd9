import { type Ref, ref, shallowReactive } from 'vue';
import type { ChatMessage } from '../protocol/chat.ts';

interface Placed {
  /** Its place on this page. `seq` starts anew with the server, and a message that came twice must show twice. */
  readonly place: number;
}

export interface ArrivedMessage extends ChatMessage, Placed {
  readonly own: boolean;
}

/** Something about the room that nobody said. */
export interface Notice extends Placed {
  readonly type: 'notice';
  readonly text: string;
}

/** One of our own that has not come back. */
export interface PendingMessage {
  readonly key: string;
  readonly text: string;
  /** `kept` for the next connection; `sent` on this one; `unconfirmed`: sent on one that has ended; `dropped`, unsent. */
  state: 'kept' | 'sent' | 'unconfirmed' | 'dropped';
}

/** Messages and notices that a room shows: the newest. */
const KEPT = 500;

/** The messages of a room: those the server has sent, and our own that have not come back from it. */
export function useMessages() {
  const arrived = shallowReactive<(ArrivedMessage | Notice)[]>([]);
  const pending: Ref<PendingMessage[]> = ref([]);
  let written = 0;
  let place = 0;

  const mark = (state: PendingMessage['state'], which: (message: PendingMessage) => boolean): void => {
    for (const message of pending.value.filter(which)) message.state = state;
  };

  function show(item: ArrivedMessage | Notice): void {
    arrived.push(item);
    if (arrived.length > KEPT) arrived.shift();
  }

  return {
    arrived,
    pending,
    /** Answers with the key by which the message is known from here on. */
    write(text: string): string {
      written += 1;
      const key = String(written);
      pending.value.push({ key, text, state: 'kept' });
      return key;
    },
    arrive(message: ChatMessage, own: boolean): void {
      if (own) pending.value = pending.value.filter(({ key }) => key !== message.key);
      show({ ...message, own, place: place++ });
    },
    notice(text: string): void {
      show({ type: 'notice', text, place: place++ });
    },
    /** Another room: what was said in this one stays here. */
    clear(): void {
      arrived.length = 0;
      pending.value = [];
    },
    sent: (key: string): void => mark('sent', (message) => message.key === key),
    allSent: (): void => mark('sent', ({ state }) => state === 'kept'),
    disconnected: (): void => mark('unconfirmed', ({ state }) => state === 'sent'),
    dropped: (key: string | undefined): void => mark('dropped', (message) => message.key === key),
  };
}
