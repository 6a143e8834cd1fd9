/** The table of what arrives over many faults, from the figures. */
import type { Arrivals } from '../delivery/count.ts';
import type { DeliveryFigure } from '../delivery.ts';
import { CLIENTS, SOCKET_IO, WITHOUT_PROOF } from '../page/delivery-names.ts';
import type { Results } from '../results.ts';
import { grouped, named, own, table } from './tables.ts';

const cells = ({ lost, twice, outOfOrder }: Arrivals): string[] => [lost, twice, outOfOrder].map(grouped);

const seconds = (ms: number): string => `${grouped(ms / 1_000)} s`;

/** Between the README's markers for it. */
export function renderDelivery(results: Results): string {
  const { work, period, settings, figures, sending } = results.delivery;
  const rows = CLIENTS.map(({ name, contestant, manner }) => {
    const { toServer, toPage, untold, met } = figures[name] as DeliveryFigure;
    const [lost = '', ...rest] = cells(toServer);
    return [
      `${named(results, contestant)}: ${manner}`,
      own(contestant, lost),
      grouped(untold),
      ...rest,
      ...cells(toPage).map((text, at) => (at ? text : own(contestant, text))),
      grouped(met),
    ];
  });
  const head = [
    `${grouped(work.messages)} numbered messages each way`,
    'Page to server: lost',
    'of them not told',
    'twice',
    'out of order',
    'Server to page: lost',
    'twice',
    'out of order',
    'Faults met',
  ];
  const plain = figures[WITHOUT_PROOF] as DeliveryFigure;
  const ratio = (value: number): string => grouped(Number(value.toFixed(2)));
  return `${table(head, rows)}

Measured on ${results.dates.delivery} in Chromium, through a proxy that takes ${work.lag} ms each way, all four at the same time over the same ${grouped(work.faults)} faults (seed ${work.seed}), one each
${seconds(period)}, each lasting up to 1 s: silent cuts, resets, restarts, a frozen network, a frozen page, the browser offline. Heartbeats each
${seconds(settings.interval)} with ${seconds(settings.pongTimeout)} for the answer, at most ${seconds(settings.delay)} until a client connects again; \`ackWithin\` is ${settings.ackWithin} ms.

- Lost: never arrived. Not told: and the app did not hear of it. Twice: arrivals beyond the first. Out of order: arrived for the first
  time after a larger number. Faults met: those that began while a connection reached the server.
- Without \`atLeastOnce\` ${grouped(plain.reported)} messages were reported as lost or possibly lost (\`onDropped\`), and ${grouped(plain.forgotten ?? 0)} of those that no socket had taken went
  unreported. A message counts as arrived when the server gives a sign of life after it, which may have been under way already.
- With \`cursor\` the page asks for what follows (\`?since=\`), and the server keeps its last 1,000 messages. ${SOCKET_IO} has
  \`retries\` without a limit, and its server keeps what a client misses for two minutes.
- useWebSocket closes a dead link, and Chromium takes up to a minute until that is closed. Meanwhile it has no connection, keeps what
  it is given, and hears nothing: so it met few faults, and lost fewer messages to the server and more to the page.
- Messages out: with \`atLeastOnce\` ${ratio(sending.served.ratio)} of what goes out without, ${grouped(sending.count)} messages of ${sending.bytes} B to a real server (without: ${grouped(sending.served.plain)} a
  second). The page's own code takes ${grouped(1e6 / sending.alone.proven)} µs for a message with it, and ${grouped(1e6 / sending.alone.plain)} µs without.`;
}
