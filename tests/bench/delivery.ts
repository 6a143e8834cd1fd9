/** Delivery: numbered messages each way over many faults, and what each client and each server lost. */
import { type Arrivals, countArrivals, forgottenIn, missingIn, numbersOf } from './delivery/count.ts';
import { PERIOD, type Work } from './delivery/plan.ts';
import { runDelivery } from './delivery/run.ts';
import { FIGURES } from './delivery/server.ts';
import { CLIENTS, OURS_CLIENTS } from './page/delivery-names.ts';
import { measureSending, type SendingResult } from './sending.ts';

export interface DeliveryFigure {
  readonly toServer: Arrivals;
  /** Lost, and the app was not told. */
  readonly untold: number;
  /** The app was told that they are lost, or may be. */
  readonly reported: number;
  /** Never handed to a socket, and the app was not told. Null: the client does not tell what it hands over. */
  readonly forgotten: number | null;
  readonly toPage: Arrivals;
  /** Faults that began while a connection reached the server. */
  readonly met: number;
}

export interface DeliveryResult {
  readonly work: Work;
  /** ms from one fault to the next, on average. */
  readonly period: number;
  readonly settings: typeof FIGURES;
  readonly figures: Record<string, DeliveryFigure>;
  readonly sending: SendingResult;
}

const WORK: Work = { seed: 14, faults: 200, messages: 10_000, lag: 10 };

export async function measureArrivals(names: readonly string[], work: Work): Promise<Record<string, DeliveryFigure>> {
  const { messages } = work;
  const figures: Record<string, DeliveryFigure> = {};
  const reports = await runDelivery(names, work);
  for (const [name, { received, notes, met }] of reports) {
    const reported = new Set(numbersOf(notes, 'reported'));
    figures[name] = {
      toServer: countArrivals(received, messages),
      untold: missingIn(received, messages).filter((n) => !reported.has(n)).length,
      reported: reported.size,
      forgotten: OURS_CLIENTS.includes(name) ? forgottenIn(notes, messages).length : null,
      toPage: countArrivals(numbersOf(notes, 'heard'), messages),
      met,
    };
  }
  return figures;
}

export async function measureDelivery(): Promise<DeliveryResult> {
  const sending = await measureSending();
  const figures = await measureArrivals(
    CLIENTS.map(({ name }) => name),
    WORK,
  );
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([name, { toServer, toPage, ...rest }]) => [
        name,
        {
          'to server: lost': toServer.lost,
          untold: rest.untold,
          twice: toServer.twice,
          'out of order': toServer.outOfOrder,
          'to page: lost': toPage.lost,
          'twice ': toPage.twice,
          'out of order ': toPage.outOfOrder,
          reported: rest.reported,
          forgotten: rest.forgotten,
          met: rest.met,
        },
      ]),
    ),
  );
  return { work: WORK, period: PERIOD, settings: FIGURES, figures, sending };
}
