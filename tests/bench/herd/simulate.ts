/**
 * A herd: many clients lose one server in the same moment, and all want it back. Simulated event by event, in steps of
 * 1 ms: a million clients come back in seconds, on one core.
 */

/** What happens to the herd. */
export interface Outage {
  readonly clients: number;
  /** The server refuses everything for so long (ms) … */
  readonly downMs: number;
  /** … and then takes so many handshakes a second, and refuses the rest. */
  readonly perSecond: number;
  /** How long (ms) a client waits for an answer, or for the news that the connection is lost: anything between the two. */
  readonly latencyMs: { readonly least: number; readonly most: number };
}

/** ms that this client waits before retry number `retry`, which is 1 at first. */
export type Wait = (client: number, retry: number) => number;

export interface HerdResult {
  /** The most attempts that reached the server within 100 ms, and the most of those after it was back. */
  readonly peak: number;
  readonly peakAfter: number;
  readonly attemptsPerClient: number;
  /** s from the server's return until so many clients were back; undefined: not within the time watched. */
  readonly half: number | undefined;
  readonly most: number | undefined;
  readonly all: number | undefined;
  /** For each step of 100 ms from the loss on: attempts in it, and clients back by its end. */
  readonly arrivals: number[];
  readonly back: number[];
}

/** ms. */
export const STEP = 100;
const WATCHED = 600_000;

export function simulate(
  { clients, downMs, perSecond, latencyMs: { least, most } }: Outage,
  wait: Wait,
  chance: () => number,
): HerdResult {
  // A client has one thing ahead of it. So each ms heads a list, and the clients themselves are the lists' links.
  const heads = new Int32Array(WATCHED).fill(-1);
  const links = new Int32Array(clients);
  const retries = new Uint16Array(clients);
  const arrivals = new Uint32Array(WATCHED / STEP);
  const accepted = new Uint32Array(WATCHED / STEP);
  let waiting = 0;

  const plan = (client: number, refusedAt: number): void => {
    const retry = (retries[client] as number) + 1;
    const heardAt = refusedAt + least + chance() * (most - least);
    const at = Math.ceil(heardAt + wait(client, retry));
    if (at >= WATCHED) return;
    retries[client] = retry;
    links[client] = heads[at] as number;
    heads[at] = client;
    waiting += 1;
  };

  for (let client = 0; client < clients; client += 1) plan(client, 0);

  // What the server did not take in one second it does not take in the next one on top.
  let room = 0;
  let total = 0;
  let back = 0;
  const times: (number | undefined)[] = [undefined, undefined, undefined];
  const marks = [Math.ceil(clients / 2), Math.ceil(clients * 0.99), clients];
  for (let now = 0; now < WATCHED && waiting; now += 1) {
    if (now >= downMs) room = Math.min(perSecond, room + perSecond / 1_000);
    const step = Math.floor(now / STEP);
    for (let client = heads[now] as number; client >= 0; ) {
      const next = links[client] as number;
      waiting -= 1;
      total += 1;
      arrivals[step] = (arrivals[step] as number) + 1;
      if (room >= 1) {
        room -= 1;
        back += 1;
        accepted[step] = (accepted[step] as number) + 1;
        for (const [i, mark] of marks.entries()) if (back === mark) times[i] = (now - downMs) / 1_000;
      } else plan(client, now);
      client = next;
    }
  }

  const lastStep = arrivals.findLastIndex((count) => count > 0) + 1;
  let sum = 0;
  const backBy = Array.from(accepted.subarray(0, lastStep), (count) => {
    sum += count;
    return sum;
  });
  const largest = (counts: Uint32Array): number => counts.reduce((peak, count) => Math.max(peak, count), 0);
  const [half, most99, all] = times;
  return {
    peak: largest(arrivals),
    peakAfter: largest(arrivals.subarray(downMs / STEP)),
    attemptsPerClient: total / clients,
    half,
    most: most99,
    all,
    arrivals: [...arrivals.subarray(0, lastStep)],
    back: backBy,
  };
}
