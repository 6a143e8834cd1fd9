/** Finds the close frame in what a WebSocket client sends: the moment at which it has ended the connection. */

const CLOSE = 8;

const END_OF_HEADERS = '\r\n\r\n';

/** Bytes of the whole frame that starts here. NaN, as long as more of its header must come first. */
function sizeOf(bytes: Buffer): number {
  const short = (bytes[1] as number) & 0x7f;
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
  if (bytes.length < 2 + extra) return Number.NaN;
  const payload = extra === 8 ? Number(bytes.readBigUInt64BE(2)) : extra === 2 ? bytes.readUInt16BE(2) : short;
  const isMasked = (bytes[1] as number) & 0x80;
  return 2 + extra + (isMasked ? 4 : 0) + payload;
}

/**
 * Takes each chunk of one direction of a connection, from its first byte. True: the close frame has passed. It keeps a few
 * bytes of what it was given, never more than a header.
 */
export function watchForClose(): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of the frame under way that are still to come. */
  let toSkip = 0;
  let isUpgraded = false;
  let isClosed = false;

  /** The headers' end may be in two chunks. */
  function takeHeaders(chunk: Buffer): void {
    const { length } = END_OF_HEADERS;
    const seam = Buffer.concat([rest, chunk.subarray(0, length - 1)]);
    const atSeam = seam.indexOf(END_OF_HEADERS);
    const end = atSeam < 0 ? chunk.indexOf(END_OF_HEADERS) : atSeam - rest.length;
    isUpgraded = atSeam >= 0 || end >= 0;
    if (isUpgraded) rest = chunk.subarray(end + length);
    else rest = (chunk.length < length ? seam : chunk).subarray(1 - length);
  }

  function takeFrames(): void {
    for (;;) {
      const skipped = Math.min(toSkip, rest.length);
      rest = rest.subarray(skipped);
      toSkip -= skipped;
      if (toSkip || rest.length < 2) return;
      isClosed ||= ((rest[0] as number) & 0x0f) === CLOSE;
      const size = sizeOf(rest);
      if (Number.isNaN(size)) return;
      toSkip = size;
    }
  }

  return (chunk) => {
    if (!isUpgraded) takeHeaders(chunk);
    else rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    if (isUpgraded) takeFrames();
    // A copy: a part of a chunk would keep the whole of it.
    rest = Buffer.from(rest);
    return isClosed;
  };
}
