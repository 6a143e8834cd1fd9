/** The tables of the README, from the figures. */
import { CONTESTANTS, FLOOR, OURS } from '../contestants.ts';
import { POLICIES } from '../herd/policies.ts';
import type { HerdFigures } from '../herd/real-herd.ts';
import type { Herd, HerdsResult } from '../herd.ts';
import type { Results } from '../results.ts';

const NONE = '–';

export const grouped = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });
const orNone = (value: number | undefined, unit = ''): string =>
  value === undefined ? NONE : `${grouped(value)}${unit}`;
export const own = (name: string, text: string): string => (name === OURS ? `**${text}**` : text);

/** The first column is words, the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

export function named({ versions }: Results, name: string): string {
  const contestant = CONTESTANTS.find((one) => one.name === name);
  const version = versions[contestant?.package ?? name];
  return own(
    name,
    version && contestant?.package === '@vueuse/core'
      ? `${name} (VueUse ${version})`
      : version
        ? `${name} ${version}`
        : name,
  );
}

function costs(results: Results): string {
  const { size, messages, timers, life } = results;
  const { callback, template } = messages.figures;
  const rows = CONTESTANTS.map(({ name }) => [
    named(results, name),
    name === FLOOR ? NONE : orNone(size[name], ' B'),
    callback[name]?.ratio.toFixed(2) ?? NONE,
    template[name]?.ratio.toFixed(2) ?? NONE,
    orNone(timers.figures[name] && timers.figures[name].timers / timers.count),
    orNone(timers.figures[name]?.bytesPerMessage, ' B'),
    orNone(life.microseconds[name], ' µs'),
    name === FLOOR ? NONE : orNone(life.bytes[name], ' B'),
  ]);
  const head = ['', 'Size', 'Messages in', 'in a template', 'Timers', 'Allocated', 'A life', 'Idle'];
  const floor = callback[FLOOR]?.perSecond ?? 0;
  const shown = template[FLOOR]?.perSecond ?? 0;
  return `${table(head, rows)}

- Size: the import, minified and brotli, without vue.
- Messages in: ${grouped(messages.count)} of ${messages.bytes} B from a real server into a mounted component in Chromium, as a share of what the bare
  WebSocket took in the same rounds, with a callback (it: ${grouped(floor)} a second) and with the last one shown in a template (${grouped(shown)}).
- Timers armed and bytes allocated for each message: ${grouped(timers.count)} of them in Node, without a network.
- A life: mount, connection opened, unmount, ${grouped(life.lives)} times in Chromium with a socket that has no network; an empty component
  takes ${orNone(life.microseconds['empty component'], ' µs')}. Idle: JavaScript heap for each of ${grouped(life.connections)} open connections, the socket aside.
- Socket.IO speaks a protocol of its own, so only its size, its recovery and its delays can be compared.`;
}

function recovery(results: Results): string {
  const { figures, limit, beat, rounds } = results.recovery;
  const titles = Object.keys(figures);
  const cell = (name: string, title: string): string => {
    const figure = figures[title]?.[name];
    if (!figure) return NONE;
    const sockets = `${grouped(figure.sockets)} ${figure.sockets === 1 ? 'socket' : 'sockets'}`;
    return own(name, figure.seconds === null ? `not within ${limit} s` : `${grouped(figure.seconds)} s (${sockets})`);
  };
  const rows = CONTESTANTS.filter(({ name }) => name !== FLOOR).map(({ name }) => [
    named(results, name),
    ...titles.map((title) => cell(name, title)),
  ]);
  return `${table(['', ...titles.map((title) => title[0]?.toUpperCase() + title.slice(1))], rows)}

From the end of the fault (or from the cut) until a message is answered, and sockets made on the way: the median of ${rounds} rounds
in Chromium. Heartbeats, where there are any, each ${beat.interval / 1_000} s with ${beat.pongTimeout / 1_000} s for the answer. While offline or frozen the connection is
cut too, without a word to either side. A bare WebSocket does not come back.`;
}

const herdTitle = (name: string): string => POLICIES.find((policy) => policy.name === name)?.title ?? own(name, name);

function herdRows({ outage, ideal, figures }: Herd): string[][] {
  const seconds = (value: number | undefined): string =>
    value === undefined ? 'not in 10 min' : `${grouped(value)} s`;
  const best = [outage.perSecond / 10, 1, ideal / 2, ideal * 0.99, ideal].map(grouped);
  return [
    ['*ideal*', ...best.map((value, i) => (i < 2 ? value : `${value} s`))],
    ...Object.entries(figures).map(([name, { peak, attemptsPerClient, half, most, all }]) => [
      herdTitle(name),
      grouped(peak),
      grouped(attemptsPerClient),
      seconds(half),
      seconds(most),
      seconds(all),
    ]),
  ];
}

function herd({ outage, ...rest }: Herd): string {
  const head = [
    `${grouped(outage.clients)} clients, ${grouped(outage.perSecond)} handshakes a second`,
    'Peak per 100 ms',
    'Attempts per client',
    '50 % back',
    '99 %',
    'All',
  ];
  return table(head, herdRows({ outage, ...rest }));
}

function agreement({ check: { outage, figures } }: HerdsResult): string {
  const both = (pick: (figures: HerdFigures) => number | undefined, name: string): string =>
    `${orNone(pick(figures[name]?.simulated as HerdFigures))} / ${orNone(pick(figures[name]?.real as HerdFigures))}`;
  const rows = Object.keys(figures).map((name) => [
    herdTitle(name),
    both(({ peak }) => peak, name),
    both(({ attemptsPerClient }) => attemptsPerClient, name),
    both(({ half }) => half, name),
    both(({ most }) => most, name),
    both(({ all }) => all, name),
  ]);
  const head = ['Simulated / real', 'Peak per 100 ms', 'Attempts per client', '50 % back (s)', '99 % (s)', 'All (s)'];
  return `The simulation, held against ${grouped(outage.clients)} real clients and a real server that restarts and takes ${grouped(outage.perSecond)} a second. (Real clients
with a fixed delay drift apart by what one busy process costs them; the simulated ones stay in step.)

${table(head, rows)}`;
}

function herds({ herd: { herds: all } }: Results): string {
  const waits = POLICIES.map(({ name, text }) => `- ${herdTitle(name)}: ${text}`);
  return `${all.map(herd).join('\n\n')}

Simulated: the server is down for ${grouped((all[0]?.outage.downMs ?? 0) / 1_000)} s, then takes so many handshakes a second and refuses the rest; times count from its
return. Each client waits as its own code says:

${waits.join('\n')}`;
}

/** All that stands between the README's markers. */
export function renderTables(results: Results): string {
  const { dates, machine, versions } = results;
  const days = [...new Set(Object.values(dates))].sort();
  return `Measured on ${days.join(' and ')}: ${machine}, Chromium ${versions['chromium']}, Node ${versions['node']}, Vue ${versions['vue']}.

#### What it costs

${costs(results)}

#### Recovery

${recovery(results)}

#### Herd

${herds(results)}

${agreement(results.herd)}`;
}
