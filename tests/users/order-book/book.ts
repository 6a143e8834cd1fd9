/** An order book of OKX, channel `books`: a snapshot, then updates, each of which names the one before. */
export type Level = readonly [price: string, size: string, ...rest: string[]];

interface Change {
  readonly asks: readonly Level[];
  readonly bids: readonly Level[];
  readonly seqId: number;
  readonly prevSeqId: number;
}

export interface BookMessage {
  readonly arg: { readonly channel: string; readonly instId: string };
  /** Without it the message says that a subscription has begun or ended, or has failed. */
  readonly action?: 'snapshot' | 'update';
  readonly data: readonly Change[];
}

export interface Book {
  readonly asks: Map<string, string>;
  readonly bids: Map<string, string>;
  /** The last message that is in the book. Undefined: the book waits for a snapshot. */
  seqId?: number | undefined;
}

export const emptyBook = (): Book => ({ asks: new Map(), bids: new Map() });

const put = (side: Map<string, string>, levels: readonly Level[]): void => {
  for (const [price, size] of levels) {
    if (size === '0') side.delete(price);
    else side.set(price, size);
  }
};

/** Puts a message into the book. False: a message before it is missing, and the book needs a new snapshot. */
export function apply(book: Book, { action, data }: BookMessage): boolean {
  for (const { asks, bids, seqId, prevSeqId } of data) {
    if (action === 'snapshot') {
      book.asks.clear();
      book.bids.clear();
    } else if (book.seqId === undefined) {
      return true;
    } else if (book.seqId !== prevSeqId) {
      book.seqId = undefined;
      return false;
    }
    put(book.asks, asks);
    put(book.bids, bids);
    book.seqId = seqId;
  }
  return true;
}

/** The best prices of a side first, as a page shows them. */
export const sorted = (side: Map<string, string>, direction: 1 | -1): [price: string, size: string][] =>
  [...side].sort(([a], [b]) => direction * (Number(a) - Number(b)));
