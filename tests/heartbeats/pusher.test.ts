/** Pusher Channels, protocol 7, with the messages of its documentation, and those of Laravel Reverb. */
import { expect, test } from 'vitest';
import { pusher } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract } from './contract';

const established = (data: object): string =>
  JSON.stringify({ event: 'pusher:connection_established', data: JSON.stringify(data) });
const ESTABLISHED = established({ socket_id: '123.456', activity_timeout: 120 });
const error = (code: number | null): string =>
  JSON.stringify({ event: 'pusher:error', data: { message: 'refused', code } });
const PING = '{"event":"pusher:ping","data":{}}';
const PONG = '{"event":"pusher:pong","data":{}}';

keepsContract({
  name: 'pusher()',
  make: pusher,
  handshake: [{ server: ESTABLISHED }],
  interval: 120_000,
  pongTimeout: 30_000,
  beat: {
    sends: [PING],
    answers: (_, index) =>
      [PONG, '{"event":"pusher:pong"}', '{"event":"pusher:pong","data":"{}"}'][index % 3] as string,
    wrong: ['{"event":"pong"}', '{"event":"news","channel":"pusher:pong","data":"pusher:pong"}', 'pusher:pong'],
  },
  serverBeats: [
    { says: PING, reply: PONG },
    { says: '{"event":"pusher:ping"}', reply: PONG },
  ],
  shown: [
    {
      says: [
        '{"event":"news","channel":"a","data":"{\\"event\\":\\"pusher:ping\\"}"}',
        '{"event":"client-pusher:ping"}',
      ],
    },
    {
      says: ['{"event":"pusher_internal:subscription_succeeded","channel":"a","data":"{}"}', error(4301), ESTABLISHED],
    },
  ],
  negotiated: [
    {
      handshake: [{ server: established({ socket_id: '1.2', activity_timeout: 30 }) }],
      interval: 30_000,
      pongTimeout: 30_000,
    },
    { handshake: [{ server: established({ socket_id: '1.2' }) }], interval: 120_000, pongTimeout: 30_000 },
    { handshake: [{ server: established({ activity_timeout: 'x' }) }], interval: 120_000, pongTimeout: 30_000 },
    {
      handshake: [
        { server: PING },
        { client: PONG },
        { server: established({ activity_timeout: 30 }).replaceAll('\\', '').replace('"{', '{').replace('}"', '}') },
      ],
      interval: 30_000,
      pongTimeout: 30_000,
    },
  ],
  refusals: [
    { handshake: [{ server: error(4001) }], comesBack: false },
    {
      handshake: [{ server: '{"event":"pusher:error","data":"{\\"code\\":4009,\\"message\\":\\"unauthorized\\"}"}' }],
      comesBack: false,
    },
    { handshake: [{ server: error(4100) }], comesBack: true },
    { handshake: [{ server: error(4201) }], comesBack: true },
    { handshake: [{ server: error(null) }], comesBack: true },
    { handshake: [{ server: '{"event":"pusher:error"}' }], comesBack: true },
    { handshake: [{ server: '{"event":"news","data":{"text":"4001"}}' }], comesBack: true },
  ],
});

test('the app gets the socket_id, with which it signs private channels, and the reason of an error', async () => {
  const replies: unknown[] = [];
  const engine = startEngine(pusher({ onHandshake: (reply) => replies.push(reply) }));
  engine.socket.accept();
  engine.socket.say(ESTABLISHED);
  await expect.poll(() => engine.view.phase).toBe('open');
  expect(replies).toEqual([{ socket_id: '123.456', activity_timeout: 120 }]);
  engine.connection.open();
  engine.socket.accept();
  engine.socket.say(error(4001));
  await expect.poll(() => engine.view.phase).toBe('failed');
  expect(engine.view.error).toMatchObject({ code: 'gave-up', cause: 'refused' });
});

test('close codes from 4000 to 4099 are final, in the handshake and later', async () => {
  for (const [code, phase] of [
    [4000, 'failed'],
    [4099, 'failed'],
    [3999, 'waiting'],
    [4100, 'waiting'],
    [4201, 'waiting'],
    [1006, 'waiting'],
  ] as const) {
    for (const isOpen of [true, false]) {
      const engine = startEngine(pusher());
      engine.ports.random = 0.5;
      engine.socket.accept();
      if (isOpen) engine.socket.say(ESTABLISHED);
      await expect.poll(() => engine.view.phase).toBe(isOpen ? 'open' : 'connecting');
      engine.socket.end(code);
      expect([code, engine.view.phase]).toEqual([code, phase]);
    }
  }
});

test('the connection opens once the app has fetched the signatures of its private channels', async () => {
  let sign = (_auth: string): void => {};
  const auth = new Promise<string>((resolve) => {
    sign = resolve;
  });
  const log: string[] = [];
  const onHandshake = async (): Promise<void> => void log.push(await auth);
  const engine = startEngine({ ...pusher({ onHandshake }), listener: { onConnected: () => log.push('connected') } });
  engine.socket.accept();
  engine.socket.say(ESTABLISHED);
  await new Promise((resolve) => setTimeout(resolve));
  expect(engine.view.phase).toBe('connecting');
  sign('key:signature');
  await expect.poll(() => log).toEqual(['key:signature', 'connected']);
});

test('a signature that the app is refused is a failed attempt', async () => {
  const onHandshake = (): Promise<never> => Promise.reject(new Error('no signature'));
  const engine = startEngine(pusher({ onHandshake }));
  engine.socket.accept();
  engine.socket.say(ESTABLISHED);
  await expect.poll(() => engine.view.error?.code).toBe('handshake');
  expect(engine.view.phase).toBe('waiting');
});
