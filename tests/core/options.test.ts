import { describe, expect, test } from 'vitest';
import { ref, unref } from 'vue';
import { checkOptions } from '../../src/core/check-options';
import { resolveOptions } from '../../src/core/options';
import { flattenOptions } from '../../src/core/read-options';

const JSON_LIKE = { read: JSON.parse, write: JSON.stringify };

describe('a bad option names the option, the rule and the value', () => {
  test.each([
    [{ whenHidden: { closeAfter: '5' } }, "whenHidden must be 'stay' or { closeAfter: ms }, received an Object"],
    [{ whenHidden: 'close' }, "whenHidden must be 'stay' or { closeAfter: ms }, received 'close'"],
    [{ buffer: { perSecond: 0 } }, 'buffer.perSecond must be a number of messages, 0.001 or more, received 0'],
    [{ buffer: { maxBytes: -1 } }, 'buffer.maxBytes must be a number of bytes, 0 or more, received -1'],
    [{ buffer: { limit: Infinity } }, 'buffer.limit must be a number of messages, 0 or more, received Infinity'],
    [{ heartbeat: { interval: ref(0) } }, 'heartbeat.interval must be a number of ms, 1 or more, received a ref'],
    [{ heartbeat: { interval: -1 } }, 'heartbeat.interval must be a number of ms, 1 or more, received -1'],
    [{ heartbeat: { interval: Number.NaN } }, 'heartbeat.interval must be a number of ms, 1 or more, received NaN'],
    [
      { heartbeat: { pongTimeout: 'soon' } },
      "heartbeat.pongTimeout must be a number of ms, 1 or more, or 'auto', received 'soon'",
    ],
    [{ heartbeat: { probeTimeout: 0 } }, 'heartbeat.probeTimeout must be a number of ms, 1 or more, received 0'],
    [{ heartbeat: { liveness: 'maybe' } }, "heartbeat.liveness must be 'traffic' or 'response', received 'maybe'"],
    [{ heartbeat: 5 }, 'heartbeat must be true, false, an object or a function, received 5'],
    [{ heartbeat: [] }, 'heartbeat must be true, false, an object or a function, received an Array'],
    [{ heartbeat: null }, 'heartbeat must be true, false, an object or a function, received null'],
    [{ autoReconnect: 'yes' }, "autoReconnect must be true, false or an object, received 'yes'"],
    [
      { autoReconnect: { retries: '3' } },
      "autoReconnect.retries must be a number (below 0: no limit), or a function, received '3'",
    ],
    [
      { autoReconnect: { delay: -5 } },
      'autoReconnect.delay must be a number of ms, 0 or more, or a function, received -5',
    ],
    [
      { autoReconnect: { stableAfter: Infinity } },
      'autoReconnect.stableAfter must be a number of ms, 0 or more, received Infinity',
    ],
    [{ autoReconnect: { finalCodes: 4401 } }, 'autoReconnect.finalCodes must be a list of close codes, received 4401'],
    [{ connectTimeout: 0 }, 'connectTimeout must be a number of ms, 1 or more, received 0'],
    [{ buffer: { limit: -1 } }, 'buffer.limit must be a number of messages, 0 or more, received -1'],
    [{ buffer: { overflow: 'explode' } }, "buffer.overflow must be 'drop-oldest' or 'drop-newest', received 'explode'"],
    [{ serializer: 'xml' }, "serializer must be 'raw', 'json' or { read, write }, received 'xml'"],
    [{ whenDeactivated: 'sleep' }, "whenDeactivated must be 'stay' or 'close', received 'sleep'"],
    [{ buffer: 5 }, 'buffer must be an object, received 5'],
    [{ serializer: { read: JSON.parse } }, "serializer must be 'raw', 'json' or { read, write }, received an Object"],
    [
      { serializer: { write: JSON.stringify } },
      "serializer must be 'raw', 'json' or { read, write }, received an Object",
    ],
    [
      { autoReconnect: { retries: Number.NaN } },
      'autoReconnect.retries must be a number (below 0: no limit), or a function, received NaN',
    ],
    [{ connectTimeout: ref(5) }, 'connectTimeout must be a number of ms, 1 or more, received a ref'],
    [{ heartbeat: ref({}) }, 'heartbeat must be true, false, an object or a function, received a ref'],
    [
      { autoReconnect: { finalCodes: ['4401'] } },
      'autoReconnect.finalCodes must be a list of close codes, received an Array',
    ],
    [{ connectTimeout: '5000' }, "connectTimeout must be a number of ms, 1 or more, received '5000'"],
  ])('the options %j throw "%s"', (options, message) => {
    const error = { name: 'HeartbeatSocketError', code: 'option', message: `option: ${message}` };
    expect(() => checkOptions(options, unref)).toThrow(expect.objectContaining(error));
  });
});

test.each([
  ['heartbeat', ['message', 'responseMessage', 'interval', 'pongTimeout', 'probeTimeout', 'liveness', 'scheduler']],
  ['autoReconnect', ['retries', 'delay', 'onFailed', 'stableAfter', 'finalCodes']],
  ['buffer', ['limit', 'overflow', 'onDropped']],
])('an option of the group %s that stands beside the group throws', (group, names) => {
  for (const name of names) {
    const message = `option: ${name} must stand in ${group}, received beside it`;
    expect(() => checkOptions({ [group]: {}, [name]: 1 })).toThrow(expect.objectContaining({ message }));
    expect(() => checkOptions({ [name]: undefined })).not.toThrow();
  }
});

describe('good options', () => {
  test.each([
    { connectTimeout: 1, whenDeactivated: 'close', serializer: 'json' },
    { heartbeat: { interval: 1, pongTimeout: 1, probeTimeout: 1, liveness: 'response' } },
    { autoReconnect: { retries: 3, delay: 0, stableAfter: 0, finalCodes: [] } },
    { autoReconnect: { retries: () => true, delay: () => 5 } },
    { buffer: { limit: 0, overflow: 'drop-newest' }, whenDeactivated: 'stay', serializer: 'raw' },
    { serializer: JSON_LIKE, heartbeat: false, autoReconnect: false },
    { buffer: { maxBytes: Infinity, maxAge: Infinity, perSecond: Infinity, highWaterMark: 0 } },
    { whenHidden: 'stay' },
    { whenHidden: { closeAfter: 0 } },
    { heartbeat: { interval: ref(5), pongTimeout: () => 5 } },
  ])('the options %j are accepted', (options) => {
    expect(() => checkOptions(options, unref)).not.toThrow();
  });

  const resolve = (options: object) => {
    const { interval, pongTimeout, ...others } = resolveOptions(flattenOptions(options), (source) => source);
    return { ...others, interval: interval?.(), pongTimeout: pongTimeout() };
  };
  const usual = {
    connectTimeout: 10_000,
    beats: 'client',
    interval: 10_000,
    pongTimeout: 10_000,
    probeTimeout: 2_000,
    liveness: 'traffic',
    retries: -1,
    stableAfter: 5_000,
    limit: 1_000,
    overflow: 'drop-oldest',
  };

  test.each([
    {},
    { heartbeat: true, autoReconnect: true, buffer: {}, serializer: 'raw' },
    { heartbeat: undefined, autoReconnect: undefined, buffer: undefined, serializer: undefined },
    { heartbeat: { interval: undefined }, autoReconnect: { delay: undefined, retries: undefined } },
  ])('the options %o give the defaults', (options) => {
    expect(() => checkOptions(options)).not.toThrow();
    expect(resolve(options)).toMatchObject(usual);
    expect(resolve(options).message()).toBe('HeartBeat');
  });

  test('heartbeat: false and autoReconnect: false switch both off', () => {
    expect(resolve({ heartbeat: false, autoReconnect: false })).toMatchObject({
      beats: false,
      interval: undefined,
      retries: 0,
    });
  });

  test('an option of 0 is used as 0, and retries and delay may be functions', () => {
    const retries = () => true;
    const delay = () => 0;
    expect(resolve({ autoReconnect: { retries: 0, delay: 0, stableAfter: 0 }, buffer: { limit: 0 } })).toMatchObject({
      retries: 0,
      delay: 0,
      stableAfter: 0,
      limit: 0,
    });
    expect(resolve({ autoReconnect: { retries, delay } })).toMatchObject({ retries, delay });
  });

  test('a serializer of the caller is used as it was when it was given', () => {
    class Counter {
      count = 0;
      read(): number {
        this.count += 1;
        return this.count;
      }
      write(value: unknown): string {
        return `${value} after ${this.count}`;
      }
    }
    const given = new Counter();
    const { serializer } = resolve({ serializer: given });
    given.read = () => 99;
    given.write = () => 'changed';
    expect([serializer.read(''), serializer.read(''), serializer.write(5)]).toEqual([1, 2, '5 after 2']);
    expect(resolve({ serializer: 'json' }).serializer.read('{"a":1}')).toEqual({ a: 1 });
  });

  test('in production a timeout of 0 counts as the default, and a delay of 0 stays 0', () => {
    const zero = { interval: 0, pongTimeout: 0, probeTimeout: 0 };
    expect(resolve({ connectTimeout: 0, heartbeat: zero, autoReconnect: { delay: 0, stableAfter: 0 } })).toMatchObject({
      ...usual,
      delay: 0,
      stableAfter: 0,
    });
  });

  test('in production, where nothing is checked, a number that is none counts as the default', () => {
    const bad = {
      connectTimeout: '5000',
      heartbeat: { interval: 0, pongTimeout: 'soon', probeTimeout: Infinity },
      autoReconnect: { stableAfter: -5, retries: Number.NaN },
      buffer: { limit: Number.NaN },
    };
    expect(resolve(bad)).toMatchObject(usual);
  });
});
