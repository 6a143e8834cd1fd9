import { computed, reactive, shallowReactive } from 'vue';
import type { ChatMessage, MissedReason } from '../protocol/chat.ts';

/**
 * What is known of a message of one's own: it waits for the connection, it was handed over (`sent`), the server has read it for
 * certain (`delivered`), it was handed over and nobody knows more (`unknown`), it was never handed over (`unsent`), or the server
 * did not pass it on (`refused`).
 */
export type Mark = 'waiting' | 'sent' | 'delivered' | 'unknown' | 'unsent' | 'refused';

export interface OwnMessage {
  readonly key: string;
  readonly text: string;
  mark: Mark;
  /** The server has sent it to the room, so it stands among the others. */
  isShown: boolean;
}

interface Placed {
  /** Its place on this page. Numbers begin anew with the server. */
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

/** Here messages are missing. */
export interface Gap extends Placed {
  readonly type: 'gap';
  readonly reason: MissedReason;
}

export type Entry = ArrivedMessage | Notice | Gap;

/** Entries that a room shows: the newest. */
const KEPT = 500;

/** No other page has the same. (`crypto.randomUUID` is there for secure pages alone.) */
const page = Math.random().toString(36).slice(2);
let written = 0;

/** The messages of a room: those the server has sent, and the user's own that it has not. */
export function useMessages() {
  const arrived = shallowReactive<Entry[]>([]);
  const own = reactive(new Map<string, OwnMessage>());
  let place = 0;

  function show(entry: Entry): void {
    arrived.push(entry);
    if (arrived.length <= KEPT) return;
    const first = arrived.shift();
    if (first?.type === 'chat' && first.key !== undefined) own.delete(first.key);
  }

  return {
    arrived,
    /** The user's own messages that do not stand among the others. */
    pending: computed(() => [...own.values()].filter(({ isShown }) => !isShown)),
    /** What is known of a message. Undefined: it is not one that was written here. */
    markOf: (key: string | undefined): Mark | undefined => own.get(key ?? '')?.mark,
    /** Answers with the key by which the message is known from here on. */
    write(text: string): string {
      written += 1;
      const key = `${page}-${written}`;
      own.set(key, { key, text, mark: 'waiting', isShown: false });
      return key;
    },
    mark(key: string | undefined, mark: Mark): void {
      const message = own.get(key ?? '');
      // The server has read what it refused, and that is proven, too.
      if (message && !(message.mark === 'refused' && mark === 'delivered')) message.mark = mark;
    },
    arrive(message: ChatMessage, isOwn: boolean): void {
      const written = own.get(message.key ?? '');
      if (isOwn && written) {
        written.isShown = true;
        // It has come back from the server, which is a proof as well: also of what the server took for lost.
        if (written.mark === 'unknown' || written.mark === 'refused') written.mark = 'delivered';
      }
      show({ ...message, own: isOwn, place: place++ });
    },
    notice(text: string): void {
      show({ type: 'notice', text, place: place++ });
    },
    miss(reason: MissedReason): void {
      show({ type: 'gap', reason, place: place++ });
    },
    /** Another room: what was said in this one stays here. */
    clear(): void {
      arrived.length = 0;
      own.clear();
    },
  };
}
