/** Messages that are checked against a schema: of zod, valibot and arktype. */
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { json, type Serializer, useHeartbeatSocket } from '../../src';
import type { StandardSchema } from '../../src/core/json-schema';
import { openEngine } from '../support/engine';

interface Price {
  symbol: string;
  value: number;
}

const SCHEMAS = {
  zod: z.object({ symbol: z.string(), value: z.number() }),
  valibot: v.object({ symbol: v.string(), value: v.number() }),
  arktype: type({ symbol: 'string', value: 'number' }),
} satisfies Record<string, StandardSchema<Price>>;

describe.each(Object.entries(SCHEMAS))('a schema of %s', (_, schema) => {
  const serializer = json(schema as StandardSchema<Price>);

  test('lets a message that fits reach onMessage', () => {
    const engine = openEngine({ serializer: serializer as never });
    engine.socket.say('{"symbol":"ACME","value":5}');
    expect(engine.received).toEqual([{ symbol: 'ACME', value: 5 }]);
  });

  test('keeps a message that does not fit from onMessage, and tells onError its issues; the connection stays', () => {
    const errors: unknown[] = [];
    const engine = openEngine({
      serializer: serializer as never,
      listener: { onError: (_socket, event) => errors.push((event as ErrorEvent).error) },
    });
    engine.socket.say('{"symbol":"ACME","value":"SECRET"}');
    engine.socket.say('{"symbol":"ACME","value":6}');
    expect(engine.received).toEqual([{ symbol: 'ACME', value: 6 }]);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'serializer',
        message: 'serializer: the message does not fit its schema at value',
        cause: { issues: [{ message: expect.any(String), path: ['value'] }] },
      }),
    ]);
    expect(engine.view.phase).toBe('open');
  });

  test('refuses what is no JSON at all', () => {
    const engine = openEngine({ serializer: serializer as never });
    engine.socket.say('SECRET');
    expect([engine.received, engine.view.error?.message]).toEqual([[], 'serializer: the message is no JSON']);
  });

  test('for what goes keeps a value that does not fit off the wire: send answers false', () => {
    const engine = openEngine({ serializer: json({ write: schema as StandardSchema<Price> }) as never });
    expect(engine.connection.send({ symbol: 'ACME', value: 5 })).toBe(true);
    expect(engine.connection.send({ symbol: 5, value: 5 })).toBe(false);
    expect(engine.socket.sent).toEqual(['{"symbol":"ACME","value":5}']);
    expect(engine.view.error).toMatchObject({ code: 'serializer', cause: { issues: [{ path: ['symbol'] }] } });
    engine.socket.say('{"anything":true}');
    expect(engine.received).toEqual([{ anything: true }]);
  });
});

test('the app gets what the schema makes of a value, and the server as well', () => {
  const Moment = z.object({ at: z.string().transform((text) => new Date(text)), room: z.string().default('hall') });
  const serializer = json({ read: Moment, write: z.object({ at: z.date().transform((at) => at.getTime()) }) });
  const engine = openEngine({ serializer: serializer as never });
  engine.socket.say('{"at":"2026-11-26T00:00:00.000Z"}');
  expect(engine.received).toEqual([{ at: new Date('2026-11-26T00:00:00.000Z'), room: 'hall' }]);
  engine.connection.send({ at: new Date(5) });
  expect(engine.socket.sent).toEqual(['{"at":5}']);
});

test('a schema that answers later is refused when it is first asked, and leaves no unhandled rejection', () => {
  const zod = z.object({ a: z.string() }).refine(async () => true);
  const late: StandardSchema = {
    '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('never heard')) },
  };
  for (const later of [zod, late]) expectRefused(later);
});

function expectRefused(later: StandardSchema): void {
  const engine = openEngine({ serializer: json(later) as never });
  engine.socket.say('{"a":"b"}');
  expect([engine.received, engine.view.error?.message]).toEqual([
    [],
    'serializer: a schema must answer at once, and this one gave a promise',
  ]);
}

test('an issue of the whole value has no path, and a path may have records in it', () => {
  const schema: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: () => ({ issues: [{ message: 'no' }, { message: 'bad', path: [{ key: 'list' }, 0] }] }),
    },
  };
  expect(() => json(schema).read('{}')).toThrow(
    expect.objectContaining({
      message: 'serializer: the message does not fit its schema',
      cause: {
        issues: [
          { message: 'no', path: [] },
          { message: 'bad', path: ['list', '0'] },
        ],
      },
    }),
  );
});

test.each([[undefined], [null], [{}], ['json'], [{ read: 5 }], [{ write: 'x' }]])(
  'json(%j), which is no schema, throws at once',
  (given) => {
    expect(() => json(given as never)).toThrow(expect.objectContaining({ code: 'option' }));
  },
);

test('the types of messages come from the schema', () => {
  const In = z.object({ at: z.string().transform((text) => new Date(text)) });
  const Out = z.object({ text: z.string(), loud: z.boolean().default(false) });
  expectTypeOf(json(In)).toEqualTypeOf<Serializer<{ at: Date }, unknown>>();
  expectTypeOf(json({ read: In, write: Out })).toEqualTypeOf<
    Serializer<{ at: Date }, { text: string; loud?: boolean | undefined }>
  >();
  expectTypeOf(json({ write: SCHEMAS.valibot })).toEqualTypeOf<Serializer<unknown, Price>>();
  expectTypeOf(json(SCHEMAS.arktype)).toEqualTypeOf<Serializer<Price, unknown>>();
  const use = () => useHeartbeatSocket('/x', { serializer: json({ read: In, write: Out }) });
  expectTypeOf<ReturnType<typeof use>['data']['value']>().toEqualTypeOf<{ at: Date } | null>();
  expectTypeOf<Parameters<ReturnType<typeof use>['send']>[0]>().toEqualTypeOf<{
    text: string;
    loud?: boolean | undefined;
  }>();
});
