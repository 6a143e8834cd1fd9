/** What can go over the wire: text and bytes. */
import { kindOf } from './kind-of.js';

/** The bytes of a buffer or of a view of one. Throws for a view of a buffer that was transferred away. */
export const bytesOf = (data: unknown): Uint8Array | undefined => {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // A text is not asked for its kind: that takes long.
  return typeof data === 'object' && kindOf(data) === 'ArrayBuffer' ? new Uint8Array(data as ArrayBuffer) : undefined;
};

/** Data that the app may change after it was sent, copied. */
export const copyOf = (data: unknown): unknown => bytesOf(data)?.slice() ?? data;

/** Whether `data` can be compared only byte by byte. */
export const isBinary = (data: unknown): boolean => !!bytesOf(data);

/**
 * Whether a socket can send `data` as it is meant. Of any other object the server would get the text `[object Object]`, of a buffer that
 * was transferred away no bytes, and shared memory may change while it is read.
 */
export function isSendable(data: unknown): boolean {
  if (typeof data === 'string') return true;
  try {
    const bytes = bytesOf(data);
    if (bytes) return kindOf(bytes.buffer) === 'ArrayBuffer';
  } catch {
    return false;
  }
  return Number.isFinite(data) || ['String', 'BigInt', 'Blob', 'File'].includes(kindOf(data));
}

/** How many bytes a message is on the wire. */
export function sizeOf(data: unknown): number {
  if (typeof data !== 'string') return bytesOf(data)?.length ?? Object(data).size ?? 0;
  let bytes = 0;
  // UTF-8 has one byte for a character of ASCII, two below U+0800, three below U+10000, and four for the rest.
  for (const character of data) {
    const code = character.codePointAt(0) as number;
    bytes += 1 + Number(code > 0x7f) + Number(code > 0x7ff) + Number(code > 0xffff);
  }
  return bytes;
}
