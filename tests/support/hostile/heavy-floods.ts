/** Floods and bombs that keep a browser busy for seconds. */
import { QUICK_BEAT } from './bad-frames.ts';
import { bomb, MEGABYTE, pack } from './bomb.ts';
import { deflated, flood, PACKED } from './floods.ts';
import { CONTINUATION, frame } from './frames.ts';
import type { Row } from './row.ts';

const bombs = (name: string, megabytes: number, count: number): Row => ({
  name,
  attack: deflated(...Array(count).fill(bomb(megabytes * MEGABYTE))),
  outcome: 'none',
  received: count,
  characters: count * megabytes * MEGABYTE,
  isLong: true,
});

export const heavyFloods: Row[] = [
  flood('100,000 empty messages', frame({}), 100_000, 100_000, 0),
  flood('300,000 messages', frame({ payload: 'some news from a server' }), 300_000, 300_000, 6_900_000),
  {
    ...flood('a message of 200 MB', frame({ payload: 'x'.repeat(200 * MEGABYTE) }), 1, 1, 200 * MEGABYTE),
    node: ['closed', 1006],
  },
  {
    name: '100,000 answers to heartbeats that were not sent',
    attack: flood('', frame({ payload: 'HeartBeat' }), 100_000, 0, 0).attack,
    outcome: 'none',
    options: { heartbeat: { interval: 60_000, pongTimeout: 60_000 } },
  },
  bombs('128 kB that become 128 MB', 128, 1),
  // Node takes no message of more than 128 MB, and Chromium makes an empty one of a text that fits into no string.
  { ...bombs('520 kB that become 520 MB', 520, 1), characters: 0, node: ['closed', 1006] },
  bombs('sixteen messages of 32 kB that become 32 MB each', 32, 16),
  {
    name: 'a message without end, in parts of 16 kB that become 16 MB each',
    attack: async ({ shake, write }) => {
      shake(PACKED);
      await write(frame({ reserved: 4, payload: pack(16 * MEGABYTE), fin: false }));
      const part = frame({ opcode: CONTINUATION, payload: pack(16 * MEGABYTE), fin: false });
      // A gigabyte, and then nothing.
      for (let parts = 0; parts < 64 && (await write(part)); parts += 1);
    },
    outcome: ['silence'],
    // Node closes the connection at some length, or falls silent before that: it depends on how fast the machine is.
    node: 'skip',
    options: QUICK_BEAT,
  },
];
