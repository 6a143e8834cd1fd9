import { expect, test } from 'vitest';
import { presenceNotices } from '../../playground/chat/presence.ts';
import type { Person } from '../../playground/protocol/chat.ts';

const person = (id: string, isSilent = false): Person => ({ id, name: id.toUpperCase(), connections: 1, isSilent });
const [ann, ben, silentBen] = [person('ann'), person('ben'), person('ben', true)];

test.each([
  ['came', [ann], [ann, ben], ['BEN is here']],
  ['left', [ann, ben], [ann], ['BEN has left']],
  ['went silent', [ann, ben], [ann, silentBen], ['BEN has gone silent']],
  ['is heard again', [ann, silentBen], [ann, ben], ['BEN is heard again']],
  ['left in silence', [ann, silentBen], [ann], ['BEN has left']],
  ['did nothing', [ann, ben], [ben, ann], []],
])('one who %s', (_, before, now, notices) => {
  expect(presenceNotices(before, now, 'ann')).toEqual(notices);
});

test('nobody is told of themselves', () => {
  expect(presenceNotices([ben], [silentBen], 'ben')).toEqual([]);
  expect(presenceNotices([], [ben], 'ben')).toEqual([]);
  expect(presenceNotices([ben], [], 'ben')).toEqual([]);
});
