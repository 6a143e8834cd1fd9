/** What comes from the bus, where anybody may have written it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_NAME, MAX_TEXT, ROOMS } from '../../playground/protocol/chat.ts';
import { MAX_ALL_CONNECTIONS } from '../../playground/server/bounds.ts';
import {
  MAX_REPORT,
  MAX_SAID,
  readReport,
  readSaid,
  writeReport,
  writeSaid,
} from '../../playground/server/bus/bus-words.ts';
import { startProcess } from './chat-process.ts';
import { createMemoryNet } from './memory-bus.ts';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? '');

const said = { type: 'chat', id: 'a', name: 'Ada', text: 'hello', at: 1, key: 'k1' } as const;
const ada = { id: 'a', name: 'Ada', connections: 1, isSilent: false };
const report = { process: 'p', people: { Lobby: [ada] } };

test('what a process writes another one reads', () => {
  expect(readSaid(writeSaid(said))).toEqual(said);
  const people = new Map([['Lobby', [ada]]]);
  expect(readReport(writeReport({ process: 'p', people }))).toEqual({ process: 'p', people });
});

test('the longest message has room in the log, whatever its characters', () => {
  const long = { ...said, name: '\u{1F600}'.repeat(MAX_NAME), key: '\u0000'.repeat(64) };
  for (const character of ['\u0000', '心', '"', '\u{D800}']) {
    const text = `x${character.repeat(MAX_TEXT - 1)}`;
    expect(writeSaid({ ...long, text }).length).toBeLessThanOrEqual(MAX_SAID);
    expect(readSaid(writeSaid({ ...long, text }))).toEqual({ ...long, text });
  }
});

const NONSENSE: [string, Uint8Array][] = [
  ['nothing', Buffer.alloc(0)],
  ['no JSON', Buffer.from('{"type":')],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
  ['null', bytes(null)],
  ['a number', bytes(1)],
  ['a list', bytes([said])],
  ['too much', bytes({ ...said, process: 'p', people: {}, more: 'x'.repeat(MAX_REPORT) })],
  ['a prototype', Buffer.from('{"__proto__":{"type":"chat"}}')],
];

describe('nonsense is no message and no report', () => {
  test.each(NONSENSE)('%s', (_, given) => {
    expect([readSaid(given), readReport(given)]).toEqual([undefined, undefined]);
  });

  test.each([
    ['another type', { ...said, type: 'people' }],
    ['no id', { ...said, id: undefined }],
    ['an id without end', { ...said, id: 'x'.repeat(65) }],
    ['no text', { ...said, text: undefined }],
    ['blank text', { ...said, text: ' ' }],
    ['text over the limit', { ...said, text: 'x'.repeat(MAX_TEXT + 1) }],
    ['a time that no calendar has', { ...said, at: 1e300 }],
    ['a time that is none', { ...said, at: '1' }],
  ])('a message with %s', (_, given) => {
    expect(readSaid(bytes(given))).toBeUndefined();
  });

  test.each([
    ['no process', { ...report, process: undefined }],
    ['a process that is none', { ...report, process: { length: 1 } }],
    ['no people', { process: 'p' }],
    ['people that are none', { process: 'p', people: null }],
  ])('a report with %s', (_, given) => {
    expect(readReport(bytes(given))).toBeUndefined();
  });
});

test('what makes no sense within a report is left out, and the rest counts', () => {
  const people = [
    ada,
    null,
    1,
    { ...ada, id: '' },
    { ...ada, id: 'b', connections: 1.5 },
    { ...ada, id: 'c', isSilent: 1 },
  ];
  const given = { process: 'p', people: { Lobby: people, Garden: 'nobody', Cellar: [ada], __proto__: [ada] } };
  expect(readReport(bytes(given))?.people).toEqual(new Map([['Lobby', [ada]]]));
});

test('names are cleaned, and figures have bounds', () => {
  const odd = { id: 'b', name: `\u202e${'x'.repeat(500)}`, connections: 1e15, isSilent: false };
  const read = readReport(bytes({ process: 'p', people: { Lobby: [odd, { ...ada, name: 3, connections: -1 }] } }));
  expect(read?.people.get('Lobby')).toEqual([
    { id: 'b', name: 'x'.repeat(MAX_NAME), connections: MAX_ALL_CONNECTIONS, isSilent: false },
    { id: 'a', name: 'Guest', connections: 0, isSilent: false },
  ]);
});

test('nothing that JSON can say makes a reader throw', () => {
  const odd = fc.record(
    {
      type: fc.oneof(fc.constant('chat'), fc.jsonValue()),
      id: fc.jsonValue(),
      name: fc.jsonValue(),
      text: fc.jsonValue(),
      at: fc.oneof(fc.double(), fc.jsonValue()),
      key: fc.jsonValue(),
      process: fc.oneof(fc.string(), fc.jsonValue()),
      people: fc.oneof(fc.dictionary(fc.constantFrom(...ROOMS, '__proto__'), fc.jsonValue()), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(odd, fc.jsonValue()), (value) => {
      for (const read of [readSaid, readReport]) read(bytes(value));
    }),
  );
  fc.assert(fc.property(fc.uint8Array(), (given) => [readSaid(given), readReport(given)].every((read) => !read)));
});

test('a server that is told nonsense tells it to nobody, and lives on', async () => {
  const net = createMemoryNet();
  const process = await startProcess(net);
  const page = await process.come('?client=a');
  for (const [, given] of NONSENSE) {
    for (const room of ['Lobby', 'Cellar', '', '__proto__']) net.write(room, given);
    net.tell(given);
  }
  net.write('Cellar', writeSaid(said));
  page.say('still here');
  await page.settle();
  expect(page.texts()).toEqual(['still here']);
  expect(page.of('missed')).toEqual([]);
  await process.end();
});
