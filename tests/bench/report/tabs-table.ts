/** The tables of tabs that share a connection, from the figures. */

import type { Results } from '../results.ts';
import type { Times } from '../tabs.ts';
import { grouped, table } from './tables.ts';

const KINDS: Readonly<Record<string, string>> = {
  closed: 'closed',
  crashed: 'crashed',
  navigated: 'navigated elsewhere',
  cached: 'in the back-forward cache',
  frozen: 'frozen by the browser',
  blocked: 'busy for 5 s',
  hung: 'busy for 9 s',
};

const megabytes = (bytes: number): string => `${grouped(bytes / 1e6)} MB`;

/** Between the README's markers for it. */
export function renderTabs(results: Results): string {
  const { tabs, questions, latency, messages, bytes, perSecond, heap, takeovers } = results.tabs;
  const cells = ({ median, p99 }: Times): string[] => [`${grouped(median)} ms`, `${grouped(p99)} ms`];
  const cost = table(
    [`${tabs} tabs`, 'Answer: median', '99th percentile', 'Messages a second', 'Heaps', 'Sockets'],
    [
      ['A socket each', ...cells(latency.alone), grouped(perSecond.alone), megabytes(heap.alone), `${tabs}`],
      [
        'One socket: the tab that holds it',
        ...cells(latency.leader),
        grouped(perSecond.shared),
        megabytes(heap.shared),
        '1',
      ],
      ['One socket: another tab', ...cells(latency.follower), '', '', ''],
    ],
  );
  const rows = Object.entries(takeovers).map(([kind, { median, p95, most, count }]) => [
    KINDS[kind] ?? kind,
    ...[median, p95, most].map((ms) => `${grouped(ms)} ms`),
    `${count}`,
  ]);
  return `${cost}

${table(['The tab that holds the socket is', 'Another has one: median', '95th percentile', 'Most', 'Rounds'], rows)}

Measured on ${results.dates.tabs} in Chromium with a real server on the same machine. Answer: from a question of \`useRequests\` to its answer (${grouped(questions)} of each). Messages
a second: of the server to all tabs at once (${grouped(messages)} of ${bytes} B). Heaps: the JavaScript heaps of all tabs together; a socket is not in them.`;
}
