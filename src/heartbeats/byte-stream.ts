/** Messages in a stream of bytes, whose frames hold pieces of messages, or several of them. */

/** The bytes of a frame, whose `binaryType` is `'arraybuffer'`. Undefined: it is a text. */
export const bytesOf = (data: unknown): Uint8Array | undefined =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;

/**
 * Makes a function that takes in the frames of a stream one by one, and gives the messages that each of them makes whole; undefined
 * for a text.
 *
 * @param lengthOf How many bytes the first message in `bytes` has. 0: that cannot be told yet.
 * @param most How many bytes a message may have. Beyond that the stream cannot be read, and what has come of it is given as it is.
 */
export function byteStream(
  lengthOf: (bytes: Uint8Array) => number,
  most: () => number,
): (data: unknown) => Uint8Array<ArrayBuffer>[] | undefined {
  let pieces: Uint8Array[] = [];
  let size = 0;
  /** With fewer bytes there is no whole message, so the pieces are not joined for each frame. */
  let wanted = 0;
  return (data) => {
    const piece = bytesOf(data);
    if (!piece) return undefined;
    pieces.push(piece);
    size += piece.length;
    const messages: Uint8Array<ArrayBuffer>[] = [];
    if (size < wanted) return messages;
    let rest = new Uint8Array(size);
    let at = 0;
    for (const each of pieces) {
      rest.set(each, at);
      at += each.length;
    }
    for (;;) {
      wanted = lengthOf(rest) || rest.length + 1;
      if (wanted > most()) wanted = rest.length;
      if (wanted > rest.length) break;
      messages.push(rest.slice(0, wanted));
      rest = rest.subarray(wanted);
    }
    pieces = [rest];
    size = rest.length;
    return messages;
  };
}
