import { expect, test } from 'vitest';
import { useMessages } from '../../playground/chat/messages.ts';

test('a room where somebody talks without end shows the newest messages, and keeps no others', () => {
  const { arrived, arrive } = useMessages();
  for (let number = 1; number <= 10_000; number += 1) {
    arrive({ type: 'chat', id: 'a', name: 'Ann', text: `message ${number}`, at: number, epoch: '', number }, false);
  }
  expect(arrived.length).toBe(500);
  expect(arrived.at(-1)).toMatchObject({ text: 'message 10000', place: 9_999 });
});
