/** Messages in a stream of bytes, whose frames hold pieces of messages, or several of them. */

/** The bytes of a frame, whose `binaryType` is `'arraybuffer'`. Undefined: it is a text. */
export const bytesOf = (data: unknown): Uint8Array | undefined =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;

/** What the messages of a frame come to: answers to heartbeats, what goes back, and what the app gets. */
interface Frame {
  answer: number;
  reply?: string;
  readonly messages: unknown[];
}

/**
 * Makes a `control` for a stream. A text is left to the app.
 *
 * @param lengthOf How many bytes the first message in `bytes` has. 0: that cannot be told yet. Infinity: the stream cannot be read, and
 * what has come of it is given as it is.
 * @param sort Puts a whole message where it belongs in the frame.
 */
export function byteStream(
  lengthOf: (bytes: Uint8Array) => number,
  sort: (message: Uint8Array<ArrayBuffer>, frame: Frame) => void,
): (data: unknown) => Frame | undefined {
  let pieces: Uint8Array[] = [];
  let size = 0;
  /** With fewer bytes there is no whole message, so the pieces are not joined for each frame. */
  let wanted = 0;
  return (data) => {
    const piece = bytesOf(data);
    if (!piece) return undefined;
    pieces.push(piece);
    size += piece.length;
    const frame: Frame = { answer: 0, messages: [] };
    if (size < wanted) return frame;
    let rest = new Uint8Array(size);
    let at = 0;
    for (const each of pieces) {
      rest.set(each, at);
      at += each.length;
    }
    for (;;) {
      wanted = lengthOf(rest) || rest.length + 1;
      if (wanted === Infinity) wanted = rest.length;
      if (wanted > rest.length) break;
      sort(rest.slice(0, wanted), frame);
      rest = rest.subarray(wanted);
    }
    pieces = [rest];
    size = rest.length;
    return frame;
  };
}
