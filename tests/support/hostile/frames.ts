/** WebSocket frames made by hand, so that they may break every rule of RFC 6455. */

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export interface FrameInput {
  readonly opcode?: number;
  readonly payload?: Uint8Array | string;
  /** Whether the message ends with this frame. */
  readonly fin?: boolean;
  /** The three reserved bits: 4 is RSV1, 2 is RSV2, 1 is RSV3. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** The length that the frame claims, where it is not that of its payload. */
  readonly claims?: bigint;
}

/** The bytes that say how long a frame is. `mask`: the bit that says whether the payload is masked. */
function lengthBytes(length: bigint, mask: number): Buffer {
  if (length < 126n) return Buffer.from([mask | Number(length)]);
  const bytes = Buffer.alloc(length < 65_536n ? 3 : 9);
  bytes[0] = mask | (length < 65_536n ? 126 : 127);
  if (length < 65_536n) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}

export function frame({ opcode = TEXT, payload = '', fin = true, reserved = 0, masked, claims }: FrameInput): Buffer {
  const bytes = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  // A mask of zeros leaves the payload as it is.
  const mask = masked ? Buffer.alloc(4) : Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from([first]),
    lengthBytes(claims ?? BigInt(bytes.length), masked ? 0x80 : 0),
    mask,
    bytes,
  ]);
}

/** A close frame with any code, and with any bytes as its reason. */
export function closeFrame(code: number, reason: Uint8Array | string = ''): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return frame({ opcode: CLOSE, payload: Buffer.concat([head, Buffer.from(reason as string)]) });
}

export interface HeardFrame {
  readonly opcode: number;
  readonly reserved: number;
  readonly payload: Buffer;
  /** What comes behind the frame. */
  readonly rest: Buffer;
}

/** Reads a frame of a client, which is masked and short. Undefined: it is not there as a whole yet. */
export function readFrame(bytes: Buffer): HeardFrame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const start = short === 126 ? 4 : 2;
  if (bytes.length < start + 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const end = start + 4 + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const payload = Buffer.from(bytes.subarray(start + 4, end).map((byte, i) => byte ^ (mask[i % 4] as number)));
  return { opcode: first & 0x0f, reserved: (first >> 4) & 7, payload, rest: bytes.subarray(end) };
}
