import { expect, test } from 'vitest';
import type { FoundLock } from '../../../src/core/tab-ports';
import { createLockQuery } from '../../../src/tabs/tab-locks';

test('a tab whose lock was stolen before it heard of its grant does not lead by an answer from before', () => {
  const answers: ((found: FoundLock) => void)[] = [];
  const told: FoundLock[] = [];
  const query = createLockQuery({ query: (_, __, tell) => answers.push(tell) }, 'lock', {
    own: () => 'own',
    tell: (found) => told.push(found),
  });
  const found = (isOwn: boolean): FoundLock => ({ isHeld: true, isAwaited: false, isOwn });
  query();
  query();
  answers[0]?.(found(true));
  expect(told).toEqual([]);
  answers[1]?.(found(false));
  expect(told).toEqual([found(false)]);
});
