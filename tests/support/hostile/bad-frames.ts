/** Frames that break RFC 6455, and close frames that may not be sent. */

import { HELLO } from './client.ts';
import { BINARY, CLOSE, CONTINUATION, closeFrame, frame, PING, PONG } from './frames.ts';
import type { Attack } from './hostile-server.ts';
import type { Outcome, Row } from './row.ts';

/** Shakes hands, and sends these bytes. */
const sends =
  (...frames: Uint8Array[]): Attack =>
  ({ shake, write }) => {
    shake();
    return write(Buffer.concat(frames));
  };

/** Shakes hands, sends these bytes, and ends the connection when the client answers. */
const ends =
  (...frames: Uint8Array[]): Attack =>
  async (link) => {
    await sends(...frames)(link);
    link.socket.on('data', () => link.socket.end());
    link.socket.resume();
  };

const BROKEN: Outcome = ['closed', 1006];

/** A beat that finds out soon that nothing comes any more. */
export const QUICK_BEAT = { heartbeat: { interval: 300, pongTimeout: 2_500 } } as const;

const broken = (name: string, ...frames: Uint8Array[]): Row => ({ name, attack: sends(...frames), outcome: BROKEN });
const stuck = (name: string, ...frames: Uint8Array[]): Row => ({
  name,
  attack: sends(...frames),
  outcome: ['silence'],
  options: QUICK_BEAT,
  isLong: true,
});

const NOT_UTF8 = Buffer.from([0xc3, 0x28]);
/** A lone surrogate, written as UTF-8 forbids it. */
const SURROGATE = Buffer.from([0xed, 0xa0, 0x80]);
const HALF = frame({ payload: 'half', fin: false });

export const badFrames: Row[] = [
  ...[1, 2, 3, 4, 7].map((reserved) => broken(`reserved bits ${reserved}`, frame({ reserved, payload: 'x' }))),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => broken(`reserved opcode ${opcode}`, frame({ opcode }))),
  broken('a masked frame', frame({ payload: 'x', masked: true })),
  ...[CLOSE, PING, PONG].map((opcode) => broken(`a control frame ${opcode} in parts`, frame({ opcode, fin: false }))),
  ...[CLOSE, PING, PONG].map((opcode) =>
    broken(`a control frame ${opcode} of 126 bytes`, frame({ opcode, payload: Buffer.alloc(126) })),
  ),
  broken('a control frame that claims 2^62 bytes', frame({ opcode: PING, claims: 2n ** 62n })),
  broken('a continuation of nothing', frame({ opcode: CONTINUATION, payload: 'x' })),
  broken('a new text within a text', HALF, frame({ payload: 'x' })),
  broken('binary data within a text', HALF, frame({ opcode: BINARY, payload: 'x' })),
  broken('a text that is no UTF-8', frame({ payload: NOT_UTF8 })),
  broken('a text with a lone surrogate', frame({ payload: SURROGATE })),
  broken('a text that ends within a character', frame({ payload: Buffer.from('é').subarray(0, 1) })),
  broken('a length of 2^63', frame({ claims: 2n ** 63n })),
  broken('a length of 2^64 - 1', frame({ claims: 2n ** 64n - 1n })),
  {
    name: 'a length in more bytes than it needs',
    attack: (link) => {
      // Node takes it for a message, and the client goes on.
      sends(Buffer.concat([Buffer.from([0x81, 126, 0, HELLO.length]), Buffer.from(HELLO)]))(link);
    },
    outcome: BROKEN,
    node: 'none',
  },
  broken('a length of 2^63 - 1', frame({ claims: 2n ** 63n - 1n, payload: 'x' })),
  broken('a length of 2^40', frame({ claims: 2n ** 40n, payload: 'x' })),
  { ...stuck('a length of 2^30 and no end', frame({ claims: 2n ** 30n, payload: 'x' })), node: BROKEN },
  stuck('half of a frame', frame({ payload: 'hello' }).subarray(0, 4)),
  stuck('half of a message', HALF),
  { name: 'no end of the connection, only of its bytes', attack: ends(), outcome: BROKEN },
  {
    name: 'a reset of the open connection',
    attack: ({ shake, socket }) => {
      shake();
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
    outcome: BROKEN,
  },
  {
    name: 'a text after the close frame',
    attack: ends(closeFrame(4000, 'bye'), frame({ payload: 'too late' })),
    outcome: BROKEN,
    node: ['closed', 4000],
  },
  {
    name: 'two close frames',
    attack: ends(closeFrame(4000), closeFrame(4001)),
    outcome: BROKEN,
    node: ['closed', 4000],
  },
  {
    name: 'a whole text in parts, with pings between them',
    attack: (link) => {
      const rest = frame({ opcode: CONTINUATION, payload: 'r' });
      sends(HALF, frame({ opcode: PING }), frame({ opcode: PONG, payload: 'unasked' }), rest)(link);
      link.behave();
    },
    outcome: 'none',
    received: 1,
    characters: 5,
  },
];

const closes = (name: string, bytes: Buffer, outcome: Outcome, reason = ''): Row => ({
  name,
  attack: ends(bytes),
  outcome,
  reason,
});

const LONGEST = `${'ä'.repeat(61)}x`;

export const closeFrames: Row[] = [
  ...[1005, 1006, 1015].map((code) => closes(`the code ${code}, which no frame may have`, closeFrame(code), BROKEN)),
  // Chromium gives these to the page as they are.
  ...[0, 1, 999, 1004, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => ({
    ...closes(`the code ${code}, which nobody may send`, closeFrame(code), ['closed', code]),
    node: BROKEN,
  })),
  ...[1000, 1001, 1002, 1009, 1011, 1012, 1013, 1014, 3001, 4000, 4999].map((code) =>
    closes(`the code ${code}`, closeFrame(code), ['closed', code]),
  ),
  ...[1003, 1007, 1008, 1010, 3000, 3003, 4401, 4403].map((code) =>
    closes(`the final code ${code}`, closeFrame(code), ['final-code', code]),
  ),
  closes('no code', frame({ opcode: CLOSE }), ['closed', 1005]),
  closes('half a code', frame({ opcode: CLOSE, payload: Buffer.from([3]) }), BROKEN),
  closes('a reason of 123 bytes', closeFrame(4000, LONGEST), ['closed', 4000], LONGEST),
  closes('a reason with a secret', closeFrame(4000, 'token=abc'), ['closed', 4000], 'token=abc'),
  closes('a reason of 124 bytes', closeFrame(4000, `${LONGEST}x`), BROKEN),
  closes('a reason that is no UTF-8', closeFrame(4000, NOT_UTF8), BROKEN),
  closes('a reason with a lone surrogate', closeFrame(4000, SURROGATE), BROKEN),
  closes('a reason of control characters', closeFrame(4000, '\0\r\n\u001b[31m'), ['closed', 4000], '\0\r\n\u001b[31m'),
  {
    name: 'a close frame, and then nothing at all',
    attack: sends(closeFrame(4000, 'bye')),
    // Chromium waits 2 s for the end of the connection, and Node for ever.
    outcome: ['closed', 4000],
    node: ['silence'],
    options: QUICK_BEAT,
  },
];
