/** Messages in: a real server sends them into a mounted component in Chromium, as fast as the page takes them. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { bundlePage } from './bundle.ts';
import { FLOOR, PLAIN } from './contestants.ts';
import type { Manner } from './page/messages-page.ts';
import { startSite } from './site.ts';
import { median, note, rotate, round } from './statistics.ts';
import { launchUnwatchedChromium, type UnwatchedChromium, type UnwatchedPage } from './unwatched-chromium.ts';

export interface MessagesFigure {
  readonly perSecond: number;
  /** To what the bare WebSocket takes in. */
  readonly ratio: number;
}

export interface MessagesResult {
  /** For each contestant in each manner, all rounds together. */
  readonly count: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly figures: Record<Manner, Record<string, MessagesFigure>>;
}

const MANNERS = ['callback', 'template'] as const;
const COUNT = 200_000;
const BYTES = 100;
/** Short rounds: what else the machine does then hits neighbours alike. */
const ROUNDS = 40;
const A_ROUND = COUNT / ROUNDS;
/** Nobody's first runs count. */
const WARM_UP = 4;

const text = (i: number): string => `message ${i} `.padEnd(BYTES, '.');

/** All frames in one piece, made before: on a machine with few cores the sender must not cost what is measured. */
function frames(): Buffer {
  const all = Buffer.alloc(A_ROUND * (2 + BYTES));
  for (let i = 0; i < A_ROUND; i += 1) {
    const at = i * (2 + BYTES);
    all[at] = 0x81;
    all[at + 1] = BYTES;
    all.write(text(i + 1), at + 2, 'latin1');
  }
  return all;
}

async function startSender(): Promise<WebSocketServer> {
  const all = frames();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (ws, { socket }) => {
    ws.on('error', () => {});
    ws.on('message', (data) => String(data) === 'go' && socket.write(all));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

async function openPages(
  chromium: UnwatchedChromium,
  address: (host: string) => string,
): Promise<Map<string, UnwatchedPage>> {
  const pages = new Map<string, UnwatchedPage>();
  for (const name of PLAIN) pages.set(name, await chromium.open(address(name)));
  return pages;
}

export async function measureMessages(): Promise<MessagesResult> {
  const [sender, site, chromium] = await Promise.all([
    startSender(),
    bundlePage('messages-page').then(startSite),
    launchUnwatchedChromium(),
  ]);
  const url = `ws://127.0.0.1:${(sender.address() as AddressInfo).port}/`;
  const times: Record<Manner, Record<string, number[]>> = { callback: {}, template: {} };
  try {
    const pages = await openPages(chromium, site.address);
    for (let turn = 0; turn < WARM_UP + ROUNDS; turn += 1) {
      for (const manner of MANNERS) {
        for (const name of rotate(PLAIN, turn)) {
          const page = pages.get(name) as UnwatchedPage;
          const args = JSON.stringify([name, url, manner, text(A_ROUND)]);
          const ms = await page.evaluate<number>(`messages.run(...${args})`);
          if (turn >= WARM_UP) note(times[manner], name, ms);
        }
      }
    }
  } finally {
    await chromium.end();
    await site.end();
    for (const ws of sender.clients) ws.terminate();
    sender.close();
  }
  const figure = (manner: Manner, name: string): MessagesFigure => {
    const own = times[manner][name] as number[];
    // Round by round: the machine is not as fast in each.
    const ratios = own.map((ms, i) => (times[manner][FLOOR]?.[i] as number) / ms);
    return { perSecond: round((A_ROUND / median(own)) * 1_000), ratio: round(median(ratios)) };
  };
  const of = (manner: Manner) => Object.fromEntries(PLAIN.map((name) => [name, figure(manner, name)]));
  return {
    count: COUNT,
    bytes: BYTES,
    rounds: ROUNDS,
    figures: { callback: of('callback'), template: of('template') },
  };
}
