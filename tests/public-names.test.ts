import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as library from '../src';
import * as presets from '../src/heartbeats';
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

test('the presets are these', () => {
  expect(Object.keys(presets).sort()).toEqual([
    ...['actionCable', 'binance', 'bybit', 'centrifugo', 'discord', 'engineIo', 'graphqlTransportWs', 'homeAssistant'],
    ...['janus', 'jsonPing', 'kraken', 'mattermost', 'mqtt', 'nats', 'nchan', 'okx', 'phoenix', 'pusher', 'signalR'],
    ...['sockJs', 'socketIo', 'stomp', 'textPing', 'trpc', 'twitchEventSub'],
  ]);
});

test.each(['heartbeats.ts', 'index.ts', 'tabs.ts'])('%s lists public names, and does nothing else', (entry) => {
  const source = readFileSync(new URL(`../src/${entry}`, import.meta.url), 'utf8');
  const code = source.replace(/export (type )?\{[^}]*\} from '[^']+';/g, '').trim();
  expect(code).toBe('');
});
