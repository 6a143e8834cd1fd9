import { describe, expect, test } from 'vitest';
import { useMessages } from '../../playground/chat/messages.ts';

test('a room where somebody talks without end shows the newest messages, and keeps no others', () => {
  const { arrived, arrive } = useMessages();
  for (let number = 1; number <= 10_000; number += 1) {
    arrive({ type: 'chat', id: 'a', name: 'Ann', text: `message ${number}`, at: number, epoch: '', number }, false);
  }
  expect(arrived.length).toBe(500);
  expect(arrived.at(-1)).toMatchObject({ text: 'message 10000', place: 9_999 });
});

describe('the user’s own message', () => {
  const echo = (key: string) =>
    ({ type: 'chat', id: 'a', name: 'Ann', text: 'hello', at: 0, epoch: '', number: 1, key }) as const;

  test('stands apart until the server has sent it to the room, and keeps what is known of it', () => {
    const { arrived, pending, write, mark, markOf, arrive } = useMessages();
    const [first, second] = [write('hello'), write('hello')];
    expect(pending.value.map(({ key, mark }) => [key, mark])).toEqual([
      [first, 'waiting'],
      [second, 'waiting'],
    ]);
    mark(first, 'sent');
    arrive(echo(first), true);
    expect([pending.value.map(({ key }) => key), arrived.length, markOf(first)]).toEqual([[second], 1, 'sent']);
    mark(first, 'delivered');
    expect([markOf(first), markOf(second), markOf('of another page')]).toEqual(['delivered', 'waiting', undefined]);
  });

  test('that the server did not pass on is not called delivered, though the server has read it', () => {
    const { write, mark, markOf } = useMessages();
    const key = write('spam');
    for (const one of ['sent', 'refused', 'delivered'] as const) mark(key, one);
    expect(markOf(key)).toBe('refused');
  });

  test.each(['unknown', 'refused'] as const)(
    'that is %s, and comes back in the room all the same, has arrived',
    (known) => {
      const { write, mark, markOf, arrive } = useMessages();
      const key = write('hello');
      mark(key, known);
      arrive(echo(key), true);
      expect(markOf(key)).toBe('delivered');
    },
  );

  test('is forgotten with the entry that shows it', () => {
    const { write, arrive, markOf, notice } = useMessages();
    const key = write('hello');
    arrive(echo(key), true);
    for (let count = 0; count < 499; count += 1) notice('somebody is here');
    expect(markOf(key)).toBe('waiting');
    notice('somebody else is here');
    expect(markOf(key)).toBeUndefined();
  });
});
