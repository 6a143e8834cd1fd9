/** Answers to a handshake that are wrong, or none at all, and redirects. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, Link } from './hostile-server.ts';
import type { Outcome, Row } from './row.ts';

const REFUSED: Outcome = ['refused', 1006];
const LATE: Outcome = ['connect-timeout'];

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');

const UPGRADE = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];

/** Answers with these lines, and ends the connection. */
const answers =
  (...head: string[]): Attack =>
  ({ socket }) =>
    socket.end(lines(...head));

const says = (name: string, bytes: Uint8Array | string, outcome = REFUSED): Row => ({
  name,
  attack: ({ socket }) => socket.end(bytes),
  outcome,
});

const refuses = (name: string, ...head: string[]): Row => ({ name, attack: answers(...head), outcome: REFUSED });

const status = (line: string, ...headers: string[]): Row =>
  refuses(`status ${line}`, `HTTP/1.1 ${line}`, 'Content-Length: 0', ...headers);

/** Shakes hands with these headers beside the usual ones. */
const shakes = (name: string, headers: string[], outcome: Outcome, options: Row['options'] = {}): Row => ({
  name,
  attack: ({ shake, behave }) => {
    shake(...headers);
    behave();
  },
  outcome,
  options,
});

/** Writes for as long as somebody listens. */
const endlessly =
  (text: string, first = '', pauseMs = 0): Attack =>
  async ({ write }) => {
    await write(first);
    while (await write(text)) if (pauseMs) await sleep(pauseMs);
  };

async function byteByByte({ accept, write, behave }: Link): Promise<void> {
  for (const byte of Buffer.from(lines(...UPGRADE, `Sec-WebSocket-Accept: ${accept}`))) {
    await write(Buffer.from([byte]));
    await sleep(1);
  }
  behave();
}

const PATIENT = { connectTimeout: 10_000 };
const HASTY = { connectTimeout: 3_000 };
const LONG_HEADER = `X-Long: ${'x'.repeat(8_000)}`;

const lateRow = (name: string, attack: Attack, outcome = LATE): Row => ({ name, attack, outcome, options: HASTY });

export const handshakes: Row[] = [
  refuses('a wrong Sec-WebSocket-Accept', ...UPGRADE, 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='),
  refuses('no Sec-WebSocket-Accept', ...UPGRADE),
  refuses('101 without headers', 'HTTP/1.1 101 Switching Protocols'),
  {
    name: '101 without Upgrade',
    attack: (link) =>
      answers(UPGRADE[0] as string, 'Connection: Upgrade', `Sec-WebSocket-Accept: ${link.accept}`)(link),
    outcome: REFUSED,
  },
  {
    name: '101 in HTTP/1.0',
    attack: ({ accept, socket, behave }) => {
      socket.write(lines('HTTP/1.0 101 OK', ...UPGRADE.slice(1), `Sec-WebSocket-Accept: ${accept}`));
      behave();
    },
    outcome: 'none',
  },
  status('200 OK'),
  status('204 No Content'),
  status('400 Bad Request'),
  // Node asks once more by itself.
  { ...status('401 Unauthorized', 'WWW-Authenticate: Basic realm="x"'), node: 'skip' },
  status('403 Forbidden'),
  status('404 Not Found'),
  status('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="x"'),
  status('426 Upgrade Required', 'Sec-WebSocket-Version: 12'),
  status('429 Too Many Requests', 'Retry-After: 3600'),
  status('500 Internal Server Error'),
  status('503 Service Unavailable', 'Retry-After: 120'),
  status('999 Nonsense'),
  shakes('a header of 8 kB', [LONG_HEADER], 'none', PATIENT),
  shakes('headers of 800 kB', Array(100).fill(LONG_HEADER), REFUSED),
  shakes('two values of Sec-WebSocket-Accept', ['Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='], REFUSED),
  shakes('a sub-protocol that nobody asked for', ['Sec-WebSocket-Protocol: spy'], REFUSED),
  shakes('another sub-protocol', ['Sec-WebSocket-Protocol: spy'], REFUSED, { protocols: ['chat'] }),
  shakes('two sub-protocols', ['Sec-WebSocket-Protocol: chat, news'], REFUSED, { protocols: ['chat', 'news'] }),
  shakes('no sub-protocol where one was asked for', [], REFUSED, { protocols: ['chat'] }),
  shakes('the sub-protocol that was asked for', ['Sec-WebSocket-Protocol: chat'], 'none', { protocols: ['chat'] }),
  shakes('an extension that nobody asked for', ['Sec-WebSocket-Extensions: x-spy'], REFUSED),
  {
    ...shakes(
      'a window that is too small',
      ['Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7'],
      REFUSED,
    ),
    node: 'none',
  },
  shakes('permessage-deflate twice', ['Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate'], REFUSED),
  says('bytes by chance', randomBytes(4_000)),
  says('an HTML page of HTTP/0.9', '<!doctype html><title>hello</title>'),
  says('another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'),
  says('an alert of TLS', Buffer.from([21, 3, 1, 0, 2, 2, 40])),
  says('the beginning of HTTP/2', Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
  says('half of a head', 'HTTP/1.1 101 Switching Protocols\r\nUpgr'),
  says('nothing, and the end', ''),
  { name: 'a reset', attack: ({ socket }) => socket.resetAndDestroy(), outcome: REFUSED },
  { name: 'a good answer, byte by byte', attack: byteByByte, outcome: 'none', options: PATIENT },
  lateRow('silence', () => {}),
  lateRow('a head that drips and never ends', endlessly('x', `${UPGRADE[0]}\r\nX-Long: `, 5)),
  {
    ...lateRow('early hints without end', endlessly(lines('HTTP/1.1 103 Early Hints'), '', 5)),
    outcome: REFUSED,
    node: LATE,
  },
  { name: 'a head that floods and never ends', attack: endlessly(`${LONG_HEADER}\r\n`), outcome: REFUSED },
];

const redirects = (code: number, name: string, to: (port: number) => string): Row => ({
  name: `${code} to ${name}`,
  attack: (link) => answers(`HTTP/1.1 ${code} Moved`, `Location: ${to(link.port)}`, 'Content-Length: 0')(link),
  outcome: REFUSED,
});

export const redirections: Row[] = [301, 302, 303, 307, 308].flatMap((code) => [
  redirects(code, 'itself', () => '/'),
  redirects(code, 'itself as a page', (port) => `http://127.0.0.1:${port}/`),
  redirects(code, 'another host', (port) => `ws://localhost:${port}/`),
  redirects(code, 'a script', () => 'javascript:alert(1)'),
]);
