import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as library from '../src';
import * as forTabs from '../src/tabs';

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
    'retryAfter',
    'useHeartbeatSocket',
    'useMessageHandlers',
    'useRequests',
    'useSubscriptions',
  ]);
});

test('the public values for tabs are these', () => {
  expect(Object.keys(forTabs).sort()).toEqual(['tabs', 'useIsLeader']);
});

test.each(['index.ts', 'tabs.ts'])('%s lists public names, and does nothing else', (entry) => {
  const source = readFileSync(new URL(`../src/${entry}`, import.meta.url), 'utf8');
  const code = source.replace(/export (type )?\{[^}]*\} from '[^']+';/g, '').trim();
  expect(code).toBe('');
});
