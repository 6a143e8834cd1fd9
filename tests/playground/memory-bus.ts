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

/** What a bus in memory needs of the others. */
interface Shared {
  readonly key: Buffer;
  epoch: string;
  entries: Entry[];
  last: number;
  /** Each process, called for entries that are new, and for a log that is. */
  readonly updates: Set<() => void>;
  readonly begins: Set<() => void>;
  readonly listeners: Set<(bytes: Uint8Array) => void>;
  /** Undefined: the log takes what it is given. Else what becomes of it is up to the test. */
  answer: ((take: () => void) => Promise<void>) | undefined;
  write(room: string, bytes: Uint8Array): void;
  tell(bytes: Uint8Array): void;
}

export function createMemoryNet() {
  const shared: Shared = {
    key: randomBytes(32),
    epoch: 'first',
    entries: [],
    last: 0,
    updates: new Set(),
    begins: new Set(),
    listeners: new Set(),
    answer: undefined,
    write(room, bytes) {
      shared.last += 1;
      shared.entries.push({ number: shared.last, room, bytes });
      for (const update of shared.updates) update();
    },
    tell(bytes) {
      for (const listener of shared.listeners) listener(bytes);
    },
  };

  return {
    /** As anybody can who reaches the bus. */
    write: shared.write,
    tell: shared.tell,
    /** How the log answers from now on. */
    answerBy(how: Shared['answer']): void {
      shared.answer = how;
    },
    /** The oldest entries are not kept any more. */
    forget(count: number): void {
      shared.entries = shared.entries.slice(count);
    },
    /** Everything is lost, and another log begins. */
    lose(): void {
      Object.assign(shared, { epoch: 'next', entries: [], last: 0 });
      for (const begin of shared.begins) begin();
    },
    connect: (): MemoryBus => connect(shared),
  };
}

function connect(shared: Shared): MemoryBus {
  let reader: LogReader | undefined;
  let [isReachable, isLagging, isDead] = [true, false, false];
  let upTo = 0;

  function begin(): void {
    upTo = (shared.entries[0]?.number ?? shared.last + 1) - 1;
    reader?.begin(shared.epoch, upTo);
    update();
  }
  function update(): void {
    if (!isReachable || isLagging || isDead) return;
    for (const { number, room, bytes } of shared.entries.filter((entry) => entry.number > upTo)) {
      upTo = number;
      reader?.read(number, room, bytes);
    }
  }
  const hears = (): boolean => isReachable && !isDead;
  const set = (reachable: boolean): void => {
    isReachable = reachable;
    reader?.reach();
    update();
  };
  const lag = (lagging: boolean): void => {
    isLagging = lagging;
    update();
  };
  const kill = (): void => {
    isDead = true;
  };

  return {
    key: shared.key,
    get isReachable() {
      return isReachable;
    },
    async follow(given) {
      reader = given;
      shared.updates.add(update);
      shared.begins.add(begin);
      begin();
    },
    async append(room, bytes) {
      const take = (): void => void (isDead || shared.write(room, bytes));
      await (shared.answer ? shared.answer(take) : take());
    },
    tell: (bytes) => void (hears() && shared.tell(bytes)),
    hear: (listener) => void shared.listeners.add((bytes) => hears() && listener(bytes)),
    close: async () => kill(),
    cut: () => set(false),
    mend: () => set(true),
    lag: () => lag(true),
    catchUp: () => lag(false),
    kill,
  };
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
