/** Options in production, where nothing is checked: what makes no sense is replaced, and what the app changes later does not count. */
import { describe, expect, test } from 'vitest';
import { ref, unref } from 'vue';
import { resolveOptions } from '../../src/core/options';
import { flattenOptions } from '../../src/core/read-options';
import { type Engine, type EngineOptions, openEngine, startEngine } from '../support/engine';

/** A connection as the app gets it: nothing is told before the call that makes it has returned. */
const made = async (options: EngineOptions): Promise<Engine> => {
  const engine = startEngine({ isHeld: true, ...options });
  engine.connection.release();
  await Promise.resolve();
  return engine;
};

describe('in production an app whose options make no sense', () => {
  test('connects with the defaults, and hears of the first such option', async () => {
    const engine = await made({ connectTimeout: -1, buffer: { limit: -1 } });
    expect(engine.view.error).toMatchObject({
      code: 'option',
      message: 'option: connectTimeout makes no sense, received Number',
    });
    expect(engine.unhandled).toEqual([engine.view.error]);
    engine.socket.accept();
    expect(engine.view).toMatchObject({ phase: 'open', error: undefined });
  });

  test('hears of nothing if they make sense', async () => {
    const engine = await made({ connectTimeout: 5_000 });
    expect([engine.view.error, engine.log]).toEqual([undefined, []]);
  });

  test('hears of a null in place of an option, and gets the default', async () => {
    const engine = await made({ connectTimeout: null as never });
    expect(engine.unhandled).toEqual([engine.view.error]);
    expect(engine.view.error?.message).toBe('option: connectTimeout makes no sense, received Null');
    engine.ports.clock.advance(9_999);
    expect(engine.view.phase).toBe('connecting');
  });

  test('has its heartbeat, though the scheduler is none', async () => {
    const engine = await made({ heartbeat: { scheduler: 'later' } });
    expect(engine.unhandled).toEqual([engine.view.error]);
    expect(engine.view.error?.message).toBe('option: scheduler makes no sense, received String');
    engine.socket.accept();
    engine.ports.clock.advance(10_000);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
  });
});

test('close codes that the app adds to its own list later are not final', () => {
  const finalCodes = [4000];
  const engine = openEngine({ autoReconnect: { finalCodes } });
  finalCodes.push(4001);
  engine.socket.end(4001);
  expect(engine.view.phase).toBe('waiting');
});

test('the message of a heartbeat that is a ref is read at each heartbeat, and is no nonsense', () => {
  const message = ref<unknown>('ping 1');
  const { wrong, message: read } = resolveOptions(flattenOptions({ heartbeat: { message } }), unref);
  message.value = 'ping 2';
  expect([wrong, read()]).toEqual([undefined, 'ping 2']);
});

test('in production the message of a heartbeat that is an object counts as the default', () => {
  const { wrong, message } = resolveOptions(flattenOptions({ heartbeat: { message: { type: 'ping' } } }), unref);
  expect([wrong, message()]).toEqual(['message makes no sense, received Object', 'HeartBeat']);
});

test.each(['beforeConnect', 'handshake'] as const)('in production a %s that is no function is not called', (name) => {
  const settings = resolveOptions(flattenOptions({ [name]: 'later' }), unref);
  expect([settings[name], settings.wrong]).toEqual([undefined, `${name} makes no sense, received String`]);
});

test('in production a page is not closed for being hidden by a closeAfter that is no time', () => {
  for (const closeAfter of [-1, '5', Number.NaN]) {
    const settings = resolveOptions(flattenOptions({ whenHidden: { closeAfter } }), unref);
    expect([settings.closeAfter, settings.wrong]).toEqual([
      Infinity,
      expect.stringMatching(/^whenHidden makes no sense, received (Number|String)$/),
    ]);
  }
});

test('in production a getter of interval that gives nonsense counts as the default, until it gives a time', () => {
  for (const nonsense of ['soon', '5', 0, Infinity, Number.NaN, null, () => 5]) {
    let interval: unknown = nonsense;
    const engine = openEngine({ heartbeat: { interval: () => interval, pongTimeout: 1_000 } });
    engine.ports.clock.advance(8_999);
    expect(engine.socket.sent).toEqual([]);
    engine.ports.clock.advance(1_001);
    expect(engine.socket.sent).toEqual(['HeartBeat']);
    engine.socket.say('HeartBeat');
    interval = 5_000;
    engine.ports.clock.advance(10_000);
    engine.socket.say('HeartBeat');
    engine.ports.clock.advance(5_000);
    expect(engine.socket.sent.length).toBeGreaterThan(2);
  }
});

test('closeAfter beside whenHidden closes nothing: it means something within whenHidden alone', () => {
  const settingsOf = (options: object) => resolveOptions(flattenOptions(options), (source) => source);
  expect(settingsOf({ closeAfter: 5 }).closeAfter).toBe(Infinity);
  expect(settingsOf({ closeAfter: 5, whenHidden: 'stay' }).closeAfter).toBe(Infinity);
  expect(settingsOf({ closeAfter: 5, whenHidden: { closeAfter: 7 } }).closeAfter).toBe(7);
});

describe('in production an app hears of', () => {
  const wrongOf = (options: object): string | undefined => resolveOptions(flattenOptions(options), unref).wrong;

  test.each([
    ['a switch that is a text', { immediate: 'no' }, 'immediate makes no sense, received String'],
    ['a switch that is a number', { autoClose: 1 }, 'autoClose makes no sense, received Number'],
    ['a heartbeat that is a number', { heartbeat: 5 }, 'heartbeat makes no sense, received Number'],
    ['a heartbeat that is a ref', { heartbeat: ref({ interval: 5 }) }, 'heartbeat makes no sense, received Object'],
    ['a buffer that is a text', { buffer: 'x' }, 'buffer makes no sense, received String'],
    ['a buffer that is true', { buffer: true }, 'buffer makes no sense, received Boolean'],
    ['a list in place of a group', { autoReconnect: [] }, 'autoReconnect makes no sense, received Array'],
    ['a whenHidden that is a number', { whenHidden: 5 }, 'whenHidden makes no sense, received Number'],
    ['a whenHidden without closeAfter', { whenHidden: {} }, 'whenHidden makes no sense, received Number'],
    [
      'a whenDeactivated of another word',
      { whenDeactivated: 'open' },
      'whenDeactivated makes no sense, received String',
    ],
    ['a callback that is none', { onMessage: 'log' }, 'onMessage makes no sense, received String'],
    ['a callback of a group that is none', { buffer: { onDropped: 5 } }, 'onDropped makes no sense, received Number'],
    ['sub-protocols that are none', { protocols: [5] }, 'protocols makes no sense, received Array'],
    [
      'a ref of interval that holds nonsense',
      { heartbeat: { interval: ref('soon') } },
      'interval makes no sense, received String',
    ],
  ])('%s', (_, options, sentence) => {
    expect(wrongOf(options)).toBe(sentence);
  });

  test('nothing that makes sense', () => {
    const group = { interval: ref(5_000), message: () => 'ping', responseMessage: ref(undefined), pongTimeout: 'auto' };
    expect(wrongOf({ immediate: false, heartbeat: group, whenHidden: 'stay', protocols: ref(undefined) })).toBe(
      undefined,
    );
    expect(wrongOf({ heartbeat: () => group, buffer: { onDropped() {} }, whenHidden: { closeAfter: 0 } })).toBe(
      undefined,
    );
    expect(wrongOf({ heartbeat: false, autoReconnect: true, protocols: ['chat'], whenDeactivated: 'close' })).toBe(
      undefined,
    );
  });
});

test('in production a function of heartbeat that gives no group is told of, and the default beats', async () => {
  const engine = await made({ heartbeat: (() => 5) as never });
  engine.connection.open();
  expect(engine.unhandled).toEqual([
    expect.objectContaining({ message: 'option: heartbeat makes no sense, received Number' }),
  ]);
  engine.socket.accept();
  engine.ports.clock.advance(10_000);
  expect(engine.socket.sent).toEqual(['HeartBeat']);
});
