/** Messages out: what proof of delivery costs, in Chromium. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { bundlePage } from './bundle.ts';
import { startSite } from './site.ts';
import { median, rotate, round } from './statistics.ts';
import { launchUnwatchedChromium } from './unwatched-chromium.ts';

export interface SendingFigure {
  /** Messages a second. */
  readonly proven: number;
  readonly plain: number;
  /** The median of the rounds. */
  readonly ratio: number;
}

export interface SendingResult {
  readonly count: number;
  readonly bytes: number;
  readonly rounds: number;
  /** To a real server, until it has read the last message. */
  readonly served: SendingFigure;
  /** Without a network: the code of the page alone. */
  readonly alone: SendingFigure;
}

const COUNT = 200_000;
const BYTES = 100;
/** Short rounds: what else the machine does then hits neighbours alike. */
const ROUNDS = 40;
const A_ROUND = COUNT / ROUNDS;
/** Nobody's first runs count. */
const WARM_UP = 4;

async function startReader(): Promise<WebSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (ws) => {
    ws.on('error', () => {});
    ws.on('message', (data: Buffer) => {
      if (data.length === BYTES) return;
      const text = String(data);
      ws.send(text === 'last' ? 'read' : text);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

const MANNERS = { served: 'run', alone: 'spend' } as const;

export async function measureSending(): Promise<SendingResult> {
  const [reader, site, chromium] = await Promise.all([
    startReader(),
    bundlePage('sending-page').then(startSite),
    launchUnwatchedChromium(),
  ]);
  const url = `ws://127.0.0.1:${(reader.address() as AddressInfo).port}/`;
  const figures: Partial<Record<keyof typeof MANNERS, SendingFigure>> = {};
  try {
    for (const manner of ['served', 'alone'] as const) {
      const times: Record<string, number[]> = { true: [], false: [] };
      const page = await chromium.open(site.address(manner));
      for (const isProven of [true, false]) {
        await page.evaluate(`sending.connect(${isProven}${manner === 'served' ? `, '${url}'` : ''})`);
      }
      for (let turn = 0; turn < WARM_UP + ROUNDS; turn += 1) {
        for (const isProven of rotate([true, false], turn)) {
          const args = JSON.stringify([isProven, A_ROUND, '.'.repeat(BYTES)]);
          const ms = await page.evaluate<number>(`sending.${MANNERS[manner]}(...${args})`);
          if (turn >= WARM_UP) times[`${isProven}`]?.push(ms);
        }
      }
      const perSecond = (ms: readonly number[] = []): number => round((A_ROUND / median(ms)) * 1_000);
      // Round by round: the machine is not as fast in each.
      const ratios = (times.true ?? []).map((ms, i) => (times.false?.[i] as number) / ms);
      figures[manner] = {
        proven: perSecond(times.true),
        plain: perSecond(times.false),
        ratio: round(median(ratios)),
      };
    }
  } finally {
    await chromium.end();
    await site.end();
    for (const ws of reader.clients) ws.terminate();
    reader.close();
  }
  const { served, alone } = figures as Required<typeof figures>;
  return { count: COUNT, bytes: BYTES, rounds: ROUNDS, served, alone };
}
