import { useDebounceFn } from '@vueuse/core';
import { type ShallowRef, shallowRef } from 'vue';
import type { FeedMessage, Side } from '../protocol/feed.ts';

export interface ReceivedPush {
  readonly number: number;
  /** When the server sent it: the same for all copies, and never the same again. Numbers start anew with the server. */
  readonly at: number;
  /** How often it came. */
  readonly copies: number;
}

/** What one side has received. It outlives the components that receive, as a store of an app would. */
export interface PushInbox {
  readonly side: Side;
  /** The newest first. */
  readonly pushes: Readonly<ShallowRef<readonly ReceivedPush[]>>;
  /** How often the newest push has come, once all its copies had time to come. */
  readonly copies: Readonly<ShallowRef<number | undefined>>;
  /** When the last message came, in ms since the epoch. */
  readonly lastAt: Readonly<ShallowRef<number | undefined>>;
  receive(message: FeedMessage): void;
}

const KEPT = 5;
/** ms that copies of one push may be apart. */
const APART = 150;

export function createPushInbox(side: Side, heard: (side: Side, message: FeedMessage) => void): PushInbox {
  const pushes = shallowRef<readonly ReceivedPush[]>([]);
  const copies = shallowRef<number>();
  const lastAt = shallowRef<number>();
  const settle = useDebounceFn(() => {
    copies.value = pushes.value[0]?.copies;
  }, APART);

  return {
    side,
    pushes,
    copies,
    lastAt,
    receive(message) {
      lastAt.value = Date.now();
      heard(side, message);
      if (message.type !== 'push') return;
      const { number, at } = message;
      const known = pushes.value.find((push) => push.at === at);
      pushes.value = known
        ? pushes.value.map((push) => (push === known ? { ...push, copies: push.copies + 1 } : push))
        : [{ number, at, copies: 1 }, ...pushes.value].slice(0, KEPT);
      void settle();
    },
  };
}
