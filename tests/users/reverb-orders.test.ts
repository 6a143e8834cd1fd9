/** The orders of a user from Laravel Reverb, with the messages that it sends: over VueUse's `useWebSocket`, and with `pusher()`. */
import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import After from './reverb-orders/after.vue';
import Before from './reverb-orders/before.vue';
import type { Order } from './reverb-orders/orders';
import { bothShow, closePages, openPages, type Pages, SHORT, surviveCut } from './support/pages';
import { Site } from './support/site';

const KEY = 'app-key';
const SECRET = 'app-secret';
const MINE = 'private-orders.7';

/** Of the signature of a private channel. @see https://pusher.com/docs/channels/library_auth_reference/auth-signatures */
const signature = (socketId: string, channel: string): string =>
  `${KEY}:${createHmac('sha256', SECRET).update(`${socketId}:${channel}`).digest('hex')}`;

/** The Laravel app, which signs channels and answers with orders, and its Reverb. */
class Laravel {
  readonly site = new Site(undefined, (request, response) => void this.#answer(request, response));
  readonly #channels = new Map<WebSocket, Set<string>>();
  readonly #orders = new Map<number, Order>();
  /** What pages have said to Reverb, but for pings. */
  readonly heard: string[] = [];
  #sockets = 0;

  constructor() {
    this.site.sockets.on('connection', (ws) => {
      this.#sockets += 1;
      const id = `${this.#sockets}.${this.#sockets * 1_000}`;
      this.#channels.set(ws, new Set());
      ws.on('close', () => this.#channels.delete(ws));
      ws.on('message', (data) => this.#hear(ws, id, JSON.parse(String(data))));
      this.#say(ws, 'pusher:connection_established', { socket_id: id, activity_timeout: 1 });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/orders') {
      response.end(JSON.stringify([...this.#orders.values()]));
      return;
    }
    const { socket_id, channel_name } = (await json(request)) as Record<string, string>;
    response.end(JSON.stringify({ auth: signature(socket_id ?? '', channel_name ?? '') }));
  }

  /** Reverb puts JSON into JSON, and leaves out what is empty. */
  #say(ws: WebSocket, event: string, data?: object, channel?: string): void {
    ws.send(JSON.stringify({ event, data: data && JSON.stringify(data), channel }));
  }

  #hear(ws: WebSocket, id: string, { event, data }: { event: string; data: { channel: string; auth?: string } }): void {
    if (event === 'pusher:ping') {
      this.#say(ws, 'pusher:pong');
      return;
    }
    const { channel, auth } = data;
    this.heard.push(channel ? `${event} ${channel}` : event);
    if (event !== 'pusher:subscribe') return;
    if (channel.startsWith('private-') && auth !== signature(id, channel)) {
      this.#say(ws, 'pusher:error', { code: 4009, message: 'Connection is unauthorized' });
      return;
    }
    this.#channels.get(ws)?.add(channel);
    this.#say(ws, 'pusher_internal:subscription_succeeded', {}, channel);
  }

  #broadcast(event: string, data: object, channel: string): void {
    for (const [ws, channels] of this.#channels) if (channels.has(channel)) this.#say(ws, event, data, channel);
  }

  change(id: number, status: string): void {
    const order = { id, status, version: (this.#orders.get(id)?.version ?? 0) + 1 };
    this.#orders.set(id, order);
    this.#broadcast('OrderChanged', order, MINE);
  }

  post(text: string): void {
    this.#broadcast('NoticePosted', { text }, 'notices');
  }

  ping(): void {
    for (const ws of this.#channels.keys()) this.#say(ws, 'pusher:ping');
  }
}

let laravel: Laravel;
let pages: Pages;

beforeEach(async () => {
  vi.stubGlobal('WebSocket', WebSocket);
  laravel = new Laravel();
  await laravel.site.start();
  laravel.change(1, 'paid');
  laravel.change(2, 'packed');
});

async function open(pongTimeout?: number): Promise<void> {
  const props = { app: laravel.site.http, user: 7, pongTimeout };
  pages = await openPages(laravel.site, { before: Before, after: After }, props, `/app/${KEY}?protocol=7`);
  await bothShow(pages, 'li', ['1 paid', '2 packed']);
}

afterEach(async () => {
  await closePages(pages);
  await laravel.site.stop();
  vi.unstubAllGlobals();
});

test('a silent cut costs the page no change of an order', async () => {
  await open(SHORT.pongTimeout);
  laravel.change(2, 'shipped');
  laravel.post('Closed on Sunday');
  await bothShow(pages, 'li', ['1 paid', '2 shipped']);
  await bothShow(pages, 'p', ['Closed on Sunday']);
  await surviveCut(pages, 'li', {
    news() {
      laravel.change(1, 'refunded');
      laravel.change(3, 'paid');
    },
    old: ['1 paid', '2 shipped'],
    texts: ['1 refunded', '2 shipped', '3 paid'],
  });
  laravel.change(3, 'packed');
  await bothShow(pages, 'li', ['1 refunded', '2 shipped', '3 packed']);
});

test('a ping of the server is answered', async () => {
  await open();
  laravel.heard.length = 0;
  laravel.ping();
  await expect.poll(() => laravel.heard).toEqual(['pusher:pong', 'pusher:pong']);
});
