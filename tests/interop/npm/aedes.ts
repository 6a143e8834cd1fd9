/** aedes: MQTT whose greeting comes in four frames of one byte. */
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { mqtt } from '../../../src/heartbeats';
import { startBehindProxy, startHttp } from '../support/in-process';
import { publish, readPacket, subscribe } from '../support/mqtt';
import { FIGURES, muted, type RealServer } from '../support/real-server';

/** s. The server waits for half as long again. */
const KEEP_ALIVE = 3;

const start = async () => {
  const broker = await Aedes.createBroker({
    authenticate: (_client, name, password, done) => done(null, !name || `${password}` === 'secret'),
  });
  return startHttp((server) => {
    const sockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' });
    sockets.on('connection', (socket, request) => {
      const stream = createWebSocketStream(socket);
      stream.on('error', () => {});
      broker.handle(stream, request);
    });
    return () => new Promise<void>((resolve) => broker.close(resolve));
  });
};

export const aedes: RealServer = {
  name: 'aedes',
  limit: KEEP_ALIVE * 1_500,
  start: () => startBehindProxy(start),
  options: () => mqtt({ keepAlive: KEEP_ALIVE, ...FIGURES }),
  silent: () => muted(mqtt({ keepAlive: KEEP_ALIVE })),
  ends: 1006,
  refused: { options: () => mqtt({ username: 'ann', password: 'wrong' }), error: /CONNACK 5/ },
  greets: [subscribe('news')],
  says: (text) => publish('news', text),
  reads: readPacket,
};
