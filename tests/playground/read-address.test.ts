/** What the page makes of `?server=`. */
import { describe, expect, test } from 'vitest';
import { readAddress } from '../../playground/read-address.ts';

const page = { origin: 'https://pages.example', hostname: 'pages.example' };

test('without one, the server is where the page is from', () => {
  expect(readAddress(null, page)).toEqual({ kind: 'own', base: 'https://pages.example' });
});

describe('the page connects at once', () => {
  test.each([
    ['to the machine of the user', 'ws://localhost:8787', 'ws://localhost:8787'],
    ['to the machine of the user by its address', 'ws://127.0.0.1:8787/', 'ws://127.0.0.1:8787'],
    ['to the machine of the user by its IPv6 address', 'http://[::1]:8787', 'http://[::1]:8787'],
    ['to another port of its own host', 'wss://PAGES.example:444', 'wss://pages.example:444'],
    ['to the default port', 'ws://localhost:80', 'ws://localhost'],
  ])('%s', (_, given, base) => {
    expect(readAddress(given, page)).toEqual({ kind: 'own', base });
  });
});

test.each([
  'wss://evil.example',
  'ws://192.168.1.20:8787',
  'ws://localhost.evil.example',
  'ws://127.0.0.1.evil.example',
  'wss://evil-pages.example',
  'wss://sub.pages.example',
])('the page asks before it connects to %s', (given) => {
  expect(readAddress(given, page)).toEqual({ kind: 'foreign', base: given });
});

test.each([
  '',
  'localhost:8787',
  '8787',
  'nonsense',
  '//localhost:8787',
  'ws://',
  'ws://local host',
  'ws://localhost:99999',
  'ftp://localhost',
  'javascript:alert(1)',
  'ws://localhost:8787/feed',
  'ws://localhost:8787?client=a',
  'ws://localhost:8787#here',
  'ws://ann:secret@localhost:8787',
])('%j is no address of a server', (given) => {
  expect(readAddress(given, page)).toEqual({ kind: 'nonsense', base: given });
});
