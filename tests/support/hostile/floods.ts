/** More than a client asked for: messages, fragments, pings, and small messages that become large ones. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUICK_BEAT } from './bad-frames.ts';
import { bomb, MEGABYTE } from './bomb.ts';
import { CONTINUATION, frame, PING, PONG } from './frames.ts';
import type { Attack } from './hostile-server.ts';
import type { Row } from './row.ts';

/** Shakes hands, sends this frame so many times, and is well from then on. */
const many =
  (bytes: Buffer, count: number): Attack =>
  async ({ shake, write, behave }) => {
    shake();
    const some = Buffer.concat(Array(Math.min(1_000, count)).fill(bytes));
    for (let sent = 0; sent < count; sent += 1_000) await write(some);
    behave();
  };

/**
 * Shakes hands, and sends the first frame once and the other one for as long as somebody listens, or for so many ms. Then the server is
 * silent, for longer than any client waits.
 */
export const endless =
  (first: Buffer, then: Buffer, pauseMs = 0, forMs = Infinity): Attack =>
  async ({ shake, write, socket }) => {
    shake();
    await write(first);
    const until = performance.now() + forMs;
    while (performance.now() < until && (await write(then))) await sleep(pauseMs);
    if (!socket.destroyed && forMs < Infinity) await Promise.race([once(socket, 'close'), sleep(20_000)]);
    socket.destroy();
  };

export const flood = (name: string, bytes: Buffer, count: number, received: number, characters: number): Row => ({
  name,
  attack: many(bytes, count),
  outcome: 'none',
  received,
  characters,
  isLong: received > 10_000,
});

const silent = (name: string, attack: Attack, node?: Row['node']): Row => ({
  name,
  attack,
  outcome: ['silence'],
  ...(node && { node }),
  options: QUICK_BEAT,
  isLong: true,
});

const NEWS = frame({ payload: 'some news from a server' });
const PART = frame({ opcode: CONTINUATION, payload: 'x'.repeat(65_536), fin: false });

export const floods: Row[] = [
  flood('100,000 messages at once', NEWS, 100_000, 100_000, 2_300_000),
  flood('20,000 empty messages', frame({}), 20_000, 20_000, 0),
  flood('two messages of 16 MB', frame({ payload: 'x'.repeat(16 * MEGABYTE) }), 2, 2, 32 * MEGABYTE),
  flood('20,000 pings', frame({ opcode: PING, payload: 'x'.repeat(125) }), 20_000, 0, 0),
  flood('100,000 pongs', frame({ opcode: PONG }), 100_000, 0, 0),
  {
    name: '20,000 answers to heartbeats that were not sent',
    attack: many(frame({ payload: 'HeartBeat' }), 20_000),
    outcome: 'none',
    options: { heartbeat: { interval: 60_000, pongTimeout: 60_000 } },
  },
  {
    name: 'a message in 20,001 parts',
    attack: async (link) => {
      link.shake();
      await link.write(frame({ payload: 'x', fin: false }));
      const parts = frame({ opcode: CONTINUATION, payload: 'x', fin: false });
      await link.write(Buffer.concat([...Array(20_000).fill(parts), frame({ opcode: CONTINUATION })]));
      link.behave();
    },
    outcome: 'none',
    received: 1,
    characters: 20_001,
  },
];

/** Chromium makes no new connection to the server while it reads these. */
const EMPTY_PARTS = Buffer.concat(Array(30_000).fill(frame({ opcode: CONTINUATION, fin: false })));

export const endlessFloods: Row[] = [
  silent('fragments without end', endless(frame({ payload: 'x', fin: false }), PART, 1)),
  silent('empty fragments for 4 s', endless(frame({ fin: false }), EMPTY_PARTS, 0, 4_000), ['closed', 1006]),
  silent('pings without end', endless(frame({ opcode: PONG }), frame({ opcode: PING, payload: 'x' }), 1)),
  silent('a frame that drips', endless(frame({ claims: 2n ** 30n }), Buffer.from('x'), 5), ['closed', 1006]),
];

/** The header that agrees on permessage-deflate, for each message by itself. */
export const PACKED =
  'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover';

export const deflated =
  (...frames: Buffer[]): Attack =>
  async ({ shake, write, behave }) => {
    shake(PACKED);
    for (const bytes of frames) await write(bytes);
    behave();
  };

export const bombs: Row[] = [
  {
    name: '16 kB that become 16 MB',
    attack: deflated(bomb(16 * MEGABYTE)),
    outcome: 'none',
    received: 1,
    characters: 16 * MEGABYTE,
  },
  {
    name: 'what cannot be unpacked',
    attack: deflated(frame({ reserved: 4, payload: Buffer.from([0xff, 0xff, 0xff, 0xff]) })),
    outcome: ['closed', 1006],
  },
  {
    name: 'a message that is packed, from a server that packs none',
    attack: ({ shake, write }) => {
      shake();
      return write(bomb(1_000));
    },
    outcome: ['closed', 1006],
  },
  {
    name: 'a ping that is packed',
    attack: deflated(frame({ opcode: PING, reserved: 4 })),
    outcome: ['closed', 1006],
    node: 'none',
  },
];
