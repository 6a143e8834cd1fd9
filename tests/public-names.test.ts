import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as library from '../src';

test('the public values are these', () => {
  expect(Object.keys(library).sort()).toEqual([
    'HeartbeatSocketError',
    'HeartbeatSocketStatus',
    'acceptSharedSocketUpdate',
    'atLeastOnce',
    'backoff',
    'chineseLabels',
    'createHeartbeatSocket',
    'defineHeartbeatSocket',
    'deliver',
    'englishLabels',
    'inSessionStorage',
    'json',
    'useHeartbeatSocket',
    'useMessageHandlers',
    'useRequests',
    'useSubscriptions',
  ]);
});

test('index.ts lists public names, and does nothing else', () => {
  const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');
  const code = source.replace(/export (type )?\{[^}]*\} from '[^']+';/g, '').trim();
  expect(code).toBe('');
});
