/** A bus without a network: everything comes at once, unless a test holds it back. */
import { randomBytes } from 'node:crypto';
import type { Bus, LogReader } from '../../playground/server/bus/bus.ts';

interface Entry {
  readonly number: number;
  readonly room: string;
  readonly bytes: Uint8Array;
}

export interface MemoryBus extends Bus {
  /** The process loses the bus, and has it again. */
  cut(): void;
  mend(): void;
  /** The process hears nothing new of the log until `catchUp`. */
  lag(): void;
  catchUp(): void;
  /** The process is dead: nothing comes from it. */
  kill(): void;
}

export function createMemoryNet() {
  const key = randomBytes(32);
  let epoch = 'first';
  let entries: Entry[] = [];
  let last = 0;
  const updates = new Set<() => void>();
  const restarts = new Set<() => void>();
  const listeners = new Set<(bytes: Uint8Array) => void>();
  /** Undefined: the log takes what it is given. Else what becomes of it is up to the test. */
  let answer: ((take: () => void) => Promise<void>) | undefined;

  function write(room: string, bytes: Uint8Array): void {
    last += 1;
    entries.push({ number: last, room, bytes });
    for (const update of updates) update();
  }

  const tell = (bytes: Uint8Array): void => {
    for (const listener of listeners) listener(bytes);
  };

  return {
    /** As anybody can who reaches the bus. */
    write,
    tell,
    /** How the log answers from now on. */
    answerBy(how: typeof answer): void {
      answer = how;
    },
    /** The oldest entries are not kept any more. */
    forget(count: number): void {
      entries = entries.slice(count);
    },
    /** Everything is lost, and another log begins. */
    lose(): void {
      [epoch, entries, last] = ['next', [], 0];
      for (const restart of restarts) restart();
    },
    connect: (): MemoryBus => join(),
  };

  function join(): MemoryBus {
    let reader: LogReader | undefined;
    let [isReachable, isLagging, isDead] = [true, false, false];
    let upTo = 0;

    function begin(): void {
      upTo = (entries[0]?.number ?? last + 1) - 1;
      reader?.begin(epoch, upTo);
      update();
    }
    function update(): void {
      if (!isReachable || isLagging || isDead) return;
      for (const { number, room, bytes } of entries.filter((entry) => entry.number > upTo)) {
        upTo = number;
        reader?.read(number, room, bytes);
      }
    }
    function change(reachable: boolean): void {
      isReachable = reachable;
      reader?.reach();
      update();
    }

    return {
      key,
      get isReachable() {
        return isReachable;
      },
      async follow(given) {
        reader = given;
        updates.add(update);
        restarts.add(begin);
        begin();
      },
      async append(room, bytes) {
        const take = (): void => {
          if (!isDead) write(room, bytes);
        };
        await (answer ? answer(take) : take());
      },
      tell(bytes) {
        if (isReachable && !isDead) tell(bytes);
      },
      hear: (listener) => void listeners.add((bytes) => isReachable && !isDead && listener(bytes)),
      async close() {
        isDead = true;
      },
      cut: () => change(false),
      mend: () => change(true),
      lag() {
        isLagging = true;
      },
      catchUp() {
        isLagging = false;
        update();
      },
      kill() {
        isDead = true;
      },
    };
  }
}

export type MemoryNet = ReturnType<typeof createMemoryNet>;

/** A log that answers nobody until the test says so. */
export function holdAnswers(net: MemoryNet): { answer: (isTaken: boolean) => void } {
  let answer = (_isTaken: boolean): void => {};
  net.answerBy(
    (take) =>
      new Promise((resolve, reject) => {
        answer = (isTaken) => {
          if (isTaken) take();
          if (isTaken) resolve();
          else reject(new Error('no answer'));
        };
      }),
  );
  return { answer: (isTaken) => answer(isTaken) };
}
