/** Who holds what is shared: any order of joins, leaves, lingers, reloads and ends. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRegistry, type Registry } from '../../src/core/registry';
import { createManualClock } from '../../src/testing/manual-clock';

const LINGER = 10;
const KEYS = ['a', 'b'] as const;
const HOLDERS = [{}, {}, {}] as const;

type Key = (typeof KEYS)[number];

interface Deed {
  readonly name: 'hold' | 'release' | 'reload' | 'wait' | 'end';
  readonly key: Key;
  readonly holder: number;
}

/** A registry, and beside it what must be true of it. */
function createModel() {
  const clock = createManualClock();
  const registry: Registry<number> = createRegistry(clock, () => new Error('joined itself'));
  const held = new Map<Key, Set<object>>(KEYS.map((key) => [key, new Set()]));
  /** When the last holder of a key has left. */
  const leftAt = new Map<Key, number>();
  /** What is there under a key, by its number. */
  const there = new Map<Key, number>();
  const ended = new Set<number>();
  let made = 0;

  const hold = (key: Key, holder: object): void => {
    const value = registry.hold(key, holder, () => {
      made += 1;
      const number = made;
      expect(there.has(key), 'one thing under a key').toBe(false);
      there.set(key, number);
      return {
        value: number,
        linger: LINGER,
        end() {
          expect(ended.has(number), 'it ends once').toBe(false);
          ended.add(number);
          if (there.get(key) === number) there.delete(key);
        },
      };
    });
    expect(value).toBe(there.get(key));
    held.get(key)?.add(holder);
    leftAt.delete(key);
  };
  const release = (key: Key, holder: object, linger?: number): void => {
    registry.release(key, holder, linger);
    const holders = held.get(key) as Set<object>;
    if (holders.delete(holder) && !holders.size) leftAt.set(key, clock.now() - (linger === undefined ? 0 : LINGER));
  };
  const check = (): void => {
    for (const key of KEYS) {
      const isHeld = held.get(key)?.size !== 0;
      const isLingering = clock.now() - (leftAt.get(key) ?? -Infinity) < LINGER;
      expect(there.has(key), key).toBe(isHeld || isLingering);
    }
    const lingering = KEYS.filter((key) => there.has(key) && held.get(key)?.size === 0).length;
    expect(clock.pending(), 'a timer for each that lingers, and no other').toBe(lingering);
  };
  const run = ({ name, key, holder: number }: Deed): void => {
    const holder = HOLDERS[number] as object;
    if (name === 'hold') hold(key, holder);
    else if (name === 'release') release(key, holder);
    else if (name === 'wait') clock.advance(LINGER / 2);
    else if (name === 'end') {
      registry.end();
      for (const holders of held.values()) holders.clear();
      leftAt.clear();
    } else {
      // A hot reload: all callers leave the old key at once, and take the new one.
      const to = key === 'a' ? 'b' : 'a';
      const moving = [...(held.get(key) as Set<object>)];
      for (const one of moving) release(key, one, 0);
      for (const one of moving) hold(to, one);
    }
    check();
  };
  return { run, made: () => made, ended };
}

const DEEDS: readonly Deed[] = [
  { name: 'wait', key: 'a', holder: 0 },
  { name: 'end', key: 'a', holder: 0 },
  ...KEYS.map((key): Deed => ({ name: 'reload', key, holder: 0 })),
  ...KEYS.flatMap((key) =>
    HOLDERS.flatMap((_, holder): Deed[] => [
      { name: 'hold', key, holder },
      { name: 'release', key, holder },
    ]),
  ),
];

test('what is shared is there while somebody holds it and for the linger after that, in each of the first 65,000 orders', () => {
  const orders = DEEDS.length ** 4;
  expect(orders).toBe(65_536);
  for (let number = 0; number < orders; number += 1) {
    const model = createModel();
    for (let rest = number, at = 0; at < 4; at += 1) {
      model.run(DEEDS[rest % DEEDS.length] as Deed);
      rest = Math.floor(rest / DEEDS.length);
    }
  }
});

test('the same in long orders, and nothing is left when the registry has ended', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...DEEDS), { maxLength: 100 }), (deeds) => {
      const model = createModel();
      for (const deed of deeds) model.run(deed);
      model.run({ name: 'end', key: 'a', holder: 0 });
      expect(model.ended.size).toBe(model.made());
    }),
    { numRuns: 2_000 },
  );
});

describe('a value that asks for its own key', () => {
  test('is refused, and can be made later', () => {
    const registry: Registry<number> = createRegistry(createManualClock(), () => new Error('joined itself'));
    const make = () => ({ value: registry.hold('a', {}, make), linger: 0, end() {} });
    expect(() => registry.hold('a', {}, make)).toThrow('joined itself');
    expect(registry.hold('a', {}, () => ({ value: 1, linger: 0, end() {} }))).toBe(1);
  });
});

test('what fails to be made leaves nothing behind', () => {
  const registry: Registry<number> = createRegistry(createManualClock(), () => new Error('joined itself'));
  const fail = (): never => {
    throw new Error('no url');
  };
  expect(() => registry.hold('a', {}, fail)).toThrow('no url');
  expect(registry.hold('a', {}, () => ({ value: 1, linger: 0, end() {} }))).toBe(1);
});

describe('the end of the registry', () => {
  test('ends each once, also where an end releases another, or holds it anew', () => {
    const registry: Registry<string> = createRegistry(createManualClock(), () => new Error('joined itself'));
    const ended: string[] = [];
    const holder = {};
    const make = (value: string, atEnd = () => {}) => ({
      value,
      linger: 0,
      end() {
        ended.push(value);
        atEnd();
      },
    });
    registry.hold('a', {}, () =>
      make('a', () => {
        registry.release('b', holder);
        registry.hold('b', holder, () => make('new b'));
      }),
    );
    registry.hold('b', holder, () => make('b'));
    registry.end();
    expect(ended).toEqual(['a', 'b']);
    expect(registry.hold('b', {}, () => make('another b'))).toBe('new b');
  });
});

test('who asks for a key while what stood there ends gets something new, which stays', () => {
  const registry: Registry<string> = createRegistry(createManualClock(), () => new Error('joined itself'));
  const make = (value: string, end = () => {}) => ({ value, linger: 0, end });
  const [first, second] = [{}, {}];
  const got: string[] = [];
  registry.hold('a', first, () => make('old', () => got.push(registry.hold('a', second, () => make('new')))));
  registry.release('a', first);
  expect([...got, registry.hold('a', {}, () => make('another'))]).toEqual(['new', 'new']);
});

describe('the linger', () => {
  const create = (linger: number) => {
    const clock = createManualClock();
    const registry: Registry<number> = createRegistry(clock, () => new Error('joined itself'));
    let ends = 0;
    const end = () => {
      ends += 1;
    };
    const holder = {};
    registry.hold('a', holder, () => ({ value: 1, linger, end }));
    return { clock, registry, holder, ends: () => ends };
  };

  test('of Infinity arms no timer, and ends with the registry', () => {
    const { clock, registry, holder, ends } = create(Infinity);
    registry.release('a', holder);
    expect([clock.pending(), ends()]).toEqual([0, 0]);
    registry.end();
    expect(ends()).toBe(1);
  });

  test('of 0 ends at once, within the call', () => {
    const { clock, registry, holder, ends } = create(0);
    registry.release('a', holder);
    expect([clock.pending(), ends()]).toEqual([0, 1]);
  });

  test('starts anew each time that the last holder leaves, and who releases twice, or never held, changes nothing', () => {
    const { clock, registry, holder, ends } = create(10);
    const fail = (): never => {
      throw new Error('it is there already');
    };
    registry.release('a', {});
    expect(clock.pending()).toBe(0);
    registry.release('a', holder);
    clock.advance(6);
    registry.release('a', holder);
    registry.release('b', holder);
    registry.hold('a', holder, fail);
    expect(clock.pending()).toBe(0);
    registry.release('a', holder);
    clock.advance(6);
    expect(ends()).toBe(0);
    clock.advance(4);
    expect([ends(), clock.pending()]).toEqual([1, 0]);
  });
});
