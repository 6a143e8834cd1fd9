/** An order book of OKX, channel `books`, with the messages of its documentation: over VueUse's `useWebSocket`, and with `okx()`. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import After from './order-book/after.vue';
import Before from './order-book/before.vue';
import { bothShow, closePages, openPages, type Pages, SHORT, surviveCut } from './support/pages';
import { Site } from './support/site';

type Levels = string[][];

/** @see https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-order-book-channel */
const FIRST = {
  asks: [
    ['8476.98', '415', '0', '13'],
    ['8477', '7', '0', '2'],
  ],
  bids: [
    ['8476.97', '256', '0', '12'],
    ['8475.55', '101', '0', '1'],
  ],
};

/** The exchange: one book, and who has subscribed to it. */
class Exchange {
  readonly site = new Site();
  readonly #subscribed = new Map<WebSocket, string>();
  readonly #book = { asks: new Map<string, string[]>(), bids: new Map<string, string[]>() };
  /** What each connection has asked for. */
  readonly asked: string[] = [];
  #seqId = 123_456;

  constructor() {
    this.#put(FIRST);
    this.site.sockets.on('connection', (ws) => {
      ws.on('close', () => this.#subscribed.delete(ws));
      ws.on('message', (data) => this.#hear(ws, String(data)));
    });
  }

  #hear(ws: WebSocket, text: string): void {
    if (text === 'ping') {
      ws.send('pong');
      return;
    }
    const { op, args } = JSON.parse(text);
    const [arg] = args;
    this.asked.push(`${op} ${arg.instId}`);
    ws.send(JSON.stringify({ event: op, arg, connId: 'a4d3ae55' }));
    if (op === 'unsubscribe') {
      this.#subscribed.delete(ws);
      return;
    }
    this.#subscribed.set(ws, arg.instId);
    const isBitcoin = arg.instId === 'BTC-USDT';
    const asks = isBitcoin ? [...this.#book.asks.values()] : [['99.9', '1', '0', '1']];
    const bids = isBitcoin ? [...this.#book.bids.values()] : [];
    this.#push(ws, 'snapshot', { asks, bids, prevSeqId: -1, seqId: this.#seqId });
  }

  #put(levels: { asks: Levels; bids: Levels }): void {
    for (const side of ['asks', 'bids'] as const) {
      for (const level of levels[side]) {
        const [price = '', size] = level;
        if (size === '0') this.#book[side].delete(price);
        else this.#book[side].set(price, level);
      }
    }
  }

  #push(ws: WebSocket, action: string, change: object): void {
    const arg = { channel: 'books', instId: this.#subscribed.get(ws) };
    ws.send(JSON.stringify({ arg, action, data: [{ ...change, ts: '1597026383085', checksum: 0 }] }));
  }

  /** A change of the book. `isLost`: the exchange has it, but no page hears of it. */
  change(levels: { asks?: Levels; bids?: Levels }, isLost = false): void {
    const change = { asks: levels.asks ?? [], bids: levels.bids ?? [] };
    const prevSeqId = this.#seqId;
    // The numbers grow, but not by one.
    this.#seqId += 7;
    this.#put(change);
    if (isLost) return;
    for (const [ws, instId] of this.#subscribed) {
      if (instId === 'BTC-USDT') this.#push(ws, 'update', { ...change, prevSeqId, seqId: this.#seqId });
    }
  }
}

let exchange: Exchange;
let pages: Pages;

beforeEach(async () => {
  vi.stubGlobal('WebSocket', WebSocket);
  exchange = new Exchange();
  await exchange.site.start();
});

async function open(figures: Partial<typeof SHORT> = {}): Promise<void> {
  const props = { symbol: 'BTC-USDT', ...figures };
  pages = await openPages(exchange.site, { before: Before, after: After }, props, '/ws/v5/public');
  await bothShow(pages, 'td', ['8477', '7', '8476.98', '415', '8476.97', '256', '8475.55', '101']);
}

afterEach(async () => {
  await closePages(pages);
  await exchange.site.stop();
  vi.unstubAllGlobals();
});

test('a silent cut leaves no stale price in the book', async () => {
  await open(SHORT);
  exchange.change({ asks: [['8477', '0', '0', '0']], bids: [['8476.97', '300', '0', '14']] });
  const old = ['8476.98', '415', '8476.97', '300', '8475.55', '101'];
  await bothShow(pages, 'td', old);
  await surviveCut(pages, 'td', {
    news: () => exchange.change({ asks: [['8476.98', '400', '0', '13']], bids: [['8475.55', '0', '0', '0']] }),
    old,
    texts: ['8476.98', '400', '8476.97', '300'],
  });
  exchange.change({ bids: [['8476.97', '299', '0', '14']] });
  await bothShow(pages, 'td', ['8476.98', '400', '8476.97', '299']);
});

test('after a gap in the numbers the page asks for a new snapshot, once', async () => {
  await open();
  exchange.asked.length = 0;
  exchange.change({ asks: [['8477', '0', '0', '0']] }, true);
  exchange.change({ bids: [['8475.55', '0', '0', '0']] });
  exchange.change({ bids: [['8476.97', '257', '0', '12']] });
  await bothShow(pages, 'td', ['8476.98', '415', '8476.97', '257']);
  const once = ['subscribe BTC-USDT', 'unsubscribe BTC-USDT'];
  expect(exchange.asked.toSorted()).toEqual([...once, ...once].toSorted());
});

test('another symbol has its own book', async () => {
  await open();
  for (const { wrapper } of pages.both) await wrapper.setProps({ symbol: 'LTC-USDT' });
  await bothShow(pages, 'td', ['99.9', '1']);
  exchange.change({ bids: [['8476.97', '1', '0', '1']] });
  for (const { wrapper } of pages.both) await wrapper.setProps({ symbol: 'BTC-USDT' });
  await bothShow(pages, 'td', ['8477', '7', '8476.98', '415', '8476.97', '1', '8475.55', '101']);
});
