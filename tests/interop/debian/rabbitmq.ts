/** RabbitMQ with its plugin Web STOMP: both sides send a line feed, as often as they have agreed upon. */
import { stomp } from '../../../src/heartbeats';
import { freePort, startProgram } from '../support/program';
import type { RealServer } from '../support/real-server';
import { programs } from './programs';

/** ms. The server takes no less than 1_000, counts whole seconds, and gives a client up after three times as long. */
const INTERVAL = 2_000;

const config = (amqp: number, stompPort: number, webSocketPort: number): string => `
listeners.tcp.1=127.0.0.1:${amqp}
stomp.listeners.tcp.1=127.0.0.1:${stompPort}
web_stomp.tcp.ip=127.0.0.1
web_stomp.tcp.port=${webSocketPort}
`;

const frame = (command: string, headers: string, body = ''): string => `${command}\n${headers}\n\n${body}\0`;

/** A node of its own, with its own register of nodes (epmd), which would stay behind if the node started it. */
async function start() {
  const [amqp, stompPort, port, epmd, nodes] = await Promise.all([1, 2, 3, 4, 5].map(freePort));
  return startProgram({
    path: '/bin/sh',
    args: () => ['-c', `epmd -port ${epmd} -address 127.0.0.1 & exec ${programs.rabbitmq}`],
    port: port as number,
    urlPath: '/ws',
    files: () => ({
      'rabbitmq.conf': config(amqp as number, stompPort as number, port as number),
      enabled_plugins: '[rabbitmq_web_stomp].',
    }),
    env: (folder) => ({
      HOME: folder,
      RABBITMQ_CONFIG_FILE: `${folder}/rabbitmq.conf`,
      RABBITMQ_CONF_ENV_FILE: `${folder}/none`,
      RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/enabled_plugins`,
      RABBITMQ_MNESIA_BASE: `${folder}/mnesia`,
      RABBITMQ_LOG_BASE: `${folder}/log`,
      RABBITMQ_NODENAME: `interop-${port}@localhost`,
      RABBITMQ_DIST_PORT: `${nodes}`,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: `${epmd}`,
    }),
  });
}

const client = (passcode: string) =>
  stomp({ headers: { login: 'guest', passcode }, interval: INTERVAL, pongTimeout: 5_000 });

export const rabbitmq: RealServer = {
  name: 'RabbitMQ with Web STOMP',
  limit: 3 * INTERVAL,
  start,
  options: () => client('guest'),
  silent: () => ({ ...client('guest'), heartbeat: false }),
  refused: { options: () => client('wrong'), error: /ERROR/, comesBack: true },
  ends: 1000,
  greets: [frame('SUBSCRIBE', 'id:0\ndestination:/topic/news')],
  says: (text) => frame('SEND', 'destination:/topic/news', text),
};
