/** STOMP 1.2, with the frames of its specification and those of RabbitMQ's Web STOMP. */
import { expect, test } from 'vitest';
import { stomp } from '../../src/heartbeats';
import { startEngine } from '../support/engine';
import { keepsContract } from './contract';

const connect = (more = '', interval = 10_000): string =>
  `CONNECT\naccept-version:1.2\nhost:/\nheart-beat:${interval},${interval}\n${more}\n\0`;
const connected = (beat: string): string =>
  `CONNECTED\nserver:RabbitMQ/3.10.8\nsession:session-1\nheart-beat:${beat}\nversion:1.2\n\n\0`;
const MESSAGE =
  'MESSAGE\nsubscription:0\nmessage-id:007\ndestination:/queue/a\ncontent-type:text/plain\n\nhello queue a\0';

keepsContract({
  name: 'stomp()',
  make: stomp,
  protocols: ['v12.stomp'],
  // With figures of the app the server is asked for others.
  handshake: [
    { client: expect.stringMatching(/^CONNECT\naccept-version:1\.2\nhost:\/\nheart-beat:(\d+),\1\n\n\0$/) },
    { server: `${connected('1000,1000')}\n` },
  ],
  beat: { sends: ['\n'] },
  serverBeats: [{ says: '\n' }, { says: '\r\n' }],
  hidden: ['\n\n', '\r\n\n'],
  shown: [
    {
      says: [
        MESSAGE,
        `${MESSAGE}\n`,
        `\n${MESSAGE}`,
        'ERROR\nmessage:malformed\n\n\0',
        '\n\0',
        'RECEIPT\nreceipt-id:1\n\n\0\n\n',
      ],
    },
  ],
  negotiated: [
    {
      handshake: [{ client: connect() }, { server: '\n' }, { server: connected('9000,9000') }],
      interval: 10_000,
      pongTimeout: 10_000,
    },
    { handshake: [{ client: connect() }, { server: connected('12000,5000') }], interval: 10_000, pongTimeout: 14_000 },
    {
      handshake: [{ client: connect() }, { server: 'CONNECTED\r\nheart-beat:12000,0\r\n\r\n\0\r\n' }],
      interval: 10_000,
      pongTimeout: 14_000,
    },
  ],
  refusals: [
    {
      handshake: [{ client: connect() }, { server: 'ERROR\nmessage:Bad CONNECT\n\nAccess refused\0' }],
      comesBack: true,
    },
    { handshake: [{ client: connect() }, { server: MESSAGE }], comesBack: true },
  ],
});

keepsContract({
  name: 'stomp({ headers })',
  make: (figures) => stomp({ ...figures, headers: async () => ({ login: 'guest', passcode: 'a:b' }) }),
  protocols: ['v12.stomp'],
  handshake: [
    { client: expect.stringMatching(/\nlogin:guest\npasscode:a:b\n\n\0$/) },
    { server: connected('1000,1000') },
  ],
  beat: { sends: ['\n'] },
  serverBeats: [{ says: '\n' }],
});

test('host can be another one', async () => {
  const { protocols: _, ...options } = stomp({ host: 'shop', interval: 4_000 });
  const engine = startEngine(options);
  engine.socket.accept();
  await expect
    .poll(() => engine.socket.sent)
    .toEqual(['CONNECT\naccept-version:1.2\nhost:shop\nheart-beat:4000,4000\n\n\0']);
});

test.each(['heart-beat:0,0\n', 'heart-beat:0,10000\n', ''])(
  'a server that sends no heartbeats (%j) may be silent, and still gets them',
  async (header) => {
    const { protocols: _, ...options } = stomp();
    const engine = startEngine(options);
    engine.socket.accept();
    await expect.poll(() => engine.socket.sent).toEqual([connect()]);
    engine.socket.say(`CONNECTED\nversion:1.2\n${header}\n\0`);
    await expect.poll(() => engine.view.phase).toBe('open');
    engine.ports.clock.advance(3_600_000);
    expect(engine.view.phase).toBe('open');
    expect(engine.socket.sent.slice(1)).toEqual(Array(360).fill('\n'));
    engine.ports.signal('visibilitychange');
    engine.ports.clock.advance(3_600_000);
    expect(engine.view.phase).toBe('open');
  },
);

test.each([undefined, 'auto'] as const)(
  'a server whose heartbeats are slower than asked for is never suspect, not even when the page wakes (pongTimeout %s)',
  async (pongTimeout) => {
    const { protocols: _, ...options } = stomp({ pongTimeout });
    const engine = startEngine(options);
    engine.socket.accept();
    await expect.poll(() => engine.socket.sent).toEqual([connect()]);
    engine.socket.say(connected('30000,10000'));
    await expect.poll(() => engine.view.phase).toBe('open');
    const phases = new Set<string>();
    for (let second = 1; second < 300; second += 1) {
      engine.ports.clock.advance(1_000);
      if (second % 30 === 0) engine.socket.say('\n');
      if (second % 30 === 2) engine.ports.signal('visibilitychange');
      phases.add(engine.view.phase);
    }
    expect([...phases]).toEqual(['open']);
  },
);
