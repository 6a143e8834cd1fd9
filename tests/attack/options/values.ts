/** Everything that a caller may give for an option by mistake. Each is made afresh, since the library may change what it is given. */
import { computed, reactive, readonly, ref, shallowRef } from 'vue';

const boom = (): never => {
  throw new Error('thrown by the caller');
};

const TRAPS = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((name) => [name, boom]),
) as ProxyHandler<object>;

/** The names that the library may ask of an object that it is given. */
const ASKED = [
  'then',
  'href',
  'url',
  'protocols',
  'read',
  'write',
  'closeAfter',
  'message',
  'interval',
  'limit',
  'retries',
  'value',
];

const rejected = (): Promise<never> => {
  const promise = Promise.reject(new Error('rejected by the caller'));
  promise.catch(() => {});
  return promise;
};

class Thing {
  readonly name = 'thing';
}

/** Values without methods. */
export const PLAIN: Record<string, () => unknown> = {
  null: () => null,
  '0': () => 0,
  '-1': () => -1,
  '1.5': () => 1.5,
  '5000': () => 5_000,
  NaN: () => Number.NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  'an empty text': () => '',
  'a text': () => 'nonsense',
  true: () => true,
  false: () => false,
  'a symbol': () => Symbol('nonsense'),
  'a bigint': () => 5n,
};

/** Objects. */
export const OBJECTS: Record<string, () => unknown> = {
  'an empty object': () => ({}),
  'a full object': () => ({ first: 1, second: { third: [] }, run: () => 5 }),
  'a frozen object': () => Object.freeze({ first: 1 }),
  'an object without prototype': () => Object.create(null),
  'a class instance': () => new Thing(),
  'a reactive object': () => reactive({ first: 1 }),
  'a readonly object': () => readonly({ first: 1 }),
  'an object with getters that throw': () =>
    Object.defineProperties({}, Object.fromEntries(ASKED.map((name) => [name, { get: boom, enumerable: true }]))),
  'an object that cannot be a text': () => ({ toString: boom, valueOf: boom }),
  'a proxy whose traps throw': () => new Proxy({}, TRAPS),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  // biome-ignore-start lint/suspicious/noThenProperty: what waits for promises has to cope with these
  'a thenable': () => ({ then: (done: (value: unknown) => void) => done('nonsense') }),
  'a thenable that throws': () => ({ then: boom }),
  // biome-ignore-end lint/suspicious/noThenProperty: the rest has none
  'an empty list': () => [],
  'a list of numbers': () => [1000, 4000],
  'a list of texts': () => ['first', 'second'],
  'a list of objects': () => [{}, null],
  'an empty Set': () => new Set(),
  'a Set of numbers': () => new Set([1000, 4000]),
  'a Map': () => new Map([['first', 1]]),
  'a Date': () => new Date(0),
  'a RegExp': () => /nonsense/,
  'an Error': () => new Error('nonsense'),
  'a promise': () => Promise.resolve('nonsense'),
  'a promise that rejects': rejected,
  'a number object': () => Object(5),
  'an ArrayBuffer': () => new ArrayBuffer(3),
  'a view': () => new Uint8Array(3),
  'a view of shared memory': () => new Uint8Array(new SharedArrayBuffer(3)),
  'shared memory': () => new SharedArrayBuffer(3),
  'a transferred buffer': () => {
    const buffer = new ArrayBuffer(3);
    structuredClone(buffer, { transfer: [buffer] });
    return buffer;
  },
  'a Blob': () => new Blob(['blob']),
  'a URL': () => new URL('ws://server/other'),
  'an object with an href': () => ({ href: 'ws://server/link' }),
};

/** Refs, of what is wrong and of what is right. */
export const REFS: Record<string, () => unknown> = {
  'a ref of null': () => ref(null),
  'a ref of false': () => ref(false),
  'a ref of a number': () => ref(5_000),
  'a ref of NaN': () => ref(Number.NaN),
  'a ref of a text': () => ref('nonsense'),
  'a ref of an object': () => ref({ first: 1 }),
  'a shallowRef of a list': () => shallowRef([]),
  'a shallowRef of a promise': () => shallowRef(Promise.resolve(5)),
  'a shallowRef of a symbol': () => shallowRef(Symbol('nonsense')),
  'a computed of a number': () => computed(() => 5_000),
  'a computed of undefined': () => computed(() => undefined),
  'a computed that throws': () => computed(boom),
};

/** Functions, of which most give nonsense. */
export const FUNCTIONS: Record<string, () => unknown> = {
  'a function that gives nothing': () => () => undefined,
  'a function that gives null': () => () => null,
  'a function that gives NaN': () => () => Number.NaN,
  'a function that gives -1': () => () => -1,
  'a function that gives a text': () => () => 'nonsense',
  'a function that gives an object': () => () => ({ first: 1 }),
  'a function that gives a list': () => () => [{}],
  'a function that gives a symbol': () => () => Symbol('nonsense'),
  'a function that gives a function': () => () => () => 5,
  'a function that gives a promise': () => () => Promise.resolve({ first: 1 }),
  'a function that gives a promise that rejects': () => rejected,
  'a function that gives a proxy whose traps throw': () => () => new Proxy({}, TRAPS),
  'a function that throws': () => boom,
  'a function that throws what cannot be printed': () => () => {
    throw Object.create(null);
  },
  'a class': () => Thing,
  'a proxy of a function whose traps throw': () => new Proxy(() => {}, TRAPS),
};

export const VALUES: Record<string, () => unknown> = { ...PLAIN, ...OBJECTS, ...REFS, ...FUNCTIONS };
