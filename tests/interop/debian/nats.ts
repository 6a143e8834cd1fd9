/** NATS: both sides send PING. */
import { nats } from '../../../src/heartbeats';
import { freePort, startProgram } from '../support/program';
import { FIGURES, muted, type RealServer } from '../support/real-server';
import { programs } from './programs';

/** s between two pings of the server. It gives a client up that has left two of them unanswered. */
const PING = 2;

const config = (port: number, webSocketPort: number): string => `
host: 127.0.0.1
port: ${port}
ping_interval: "${PING}s"
ping_max: 2
authorization { token: secret }
websocket { host: 127.0.0.1, port: ${webSocketPort}, no_tls: true }
`;

export const natsServer: RealServer = {
  name: 'nats-server',
  limit: 3 * PING * 1_000,
  async start() {
    const [port, webSocketPort] = await Promise.all([freePort(), freePort()]);
    return startProgram({
      path: programs.nats,
      port: webSocketPort,
      files: () => ({ 'nats.conf': config(port, webSocketPort) }),
      args: (folder) => ['-c', `${folder}/nats.conf`],
    });
  },
  options: () => nats({ token: 'secret', ...FIGURES }),
  answering: () => nats({ token: 'secret', interval: 1_000_000 }),
  silent: () => muted(nats({ token: 'secret' })),
  ends: 1006,
  refused: { options: () => nats({ token: 'wrong' }), error: /Authorization Violation/ },
  greets: ['SUB news 1\r\n'],
  says: (text) => `PUB news ${text.length}\r\n${text}\r\n`,
};
