/** Timers that fire when the test says so. They take the place of those of the process, which then waits for nothing. */

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

const { setImmediate } = globalThis;

let now = 1_000_000;
let count = 0;
const timers = new Map<number, Timer>();

/** Takes the place of the timers and clocks of the process. */
export function fakeTime(): void {
  Object.assign(globalThis, {
    MessageChannel: undefined,
    setTimeout(run: () => void, ms = 0) {
      count += 1;
      timers.set(count, { at: now + Math.max(1, Number(ms) || 0), run });
      return count;
    },
    clearTimeout: (id: number) => timers.delete(id),
  });
  Date.now = () => now;
  performance.now = () => now;
}

export const pendingTimers = (): number => timers.size;
export const forgetTimers = (): void => timers.clear();

/** Lets promises settle. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets `ms` pass. */
export async function pass(ms: number): Promise<void> {
  const end = now + ms;
  for (;;) {
    for (let turn = 0; turn < 8; turn += 1) await null;
    const [id, next] = [...timers].reduce<[number, Timer]>(
      (a, b) => (b[1].at < a[1].at ? b : a),
      [0, { at: Infinity, run() {} }],
    );
    if (next.at > end) break;
    now = Math.max(now, next.at);
    timers.delete(id);
    next.run();
  }
  now = end;
}
