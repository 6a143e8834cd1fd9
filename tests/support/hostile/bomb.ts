/** Small messages that become large ones when permessage-deflate unpacks them. */
import { constants, deflateRawSync } from 'node:zlib';
import { frame, TEXT } from './frames.ts';

export const MEGABYTE = 2 ** 20;

/** So many zeros, packed: a thousandth of their size. */
export const pack = (characters: number): Buffer =>
  deflateRawSync(Buffer.alloc(characters, '0'), { finishFlush: constants.Z_SYNC_FLUSH, level: 9 });

/** A text of so many zeros, as permessage-deflate sends it: without the last four bytes of a flush. */
export const bomb = (characters: number): Buffer =>
  frame({ opcode: TEXT, reserved: 4, payload: pack(characters).subarray(0, -4) });
