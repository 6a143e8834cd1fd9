/** Finds the close frame in what a WebSocket client sends: the moment at which it has ended the connection. */

const CLOSE = 8;

/** Bytes of the header of the frame that starts here, and of the whole frame. NaN, as long as more must come first. */
function sizeOf(bytes: Buffer): number {
  const short = (bytes[1] as number) & 0x7f;
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
  if (bytes.length < 2 + extra) return Number.NaN;
  const payload = extra === 8 ? Number(bytes.readBigUInt64BE(2)) : extra === 2 ? bytes.readUInt16BE(2) : short;
  const isMasked = (bytes[1] as number) & 0x80;
  return 2 + extra + (isMasked ? 4 : 0) + payload;
}

/** Takes each chunk of one direction of a connection, from its first byte. True: the close frame has passed. */
export function watchForClose(): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  let isUpgraded = false;
  let isClosed = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    if (!isUpgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return false;
      isUpgraded = true;
      rest = rest.subarray(end + 4);
    }
    while (rest.length > 1) {
      const size = sizeOf(rest);
      isClosed ||= ((rest[0] as number) & 0x0f) === CLOSE;
      if (!(rest.length >= size)) break;
      rest = rest.subarray(size);
    }
    return isClosed;
  };
}
