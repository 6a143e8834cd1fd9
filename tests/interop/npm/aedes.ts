/** aedes: MQTT whose greeting comes in four frames of one byte. */
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { startBehindProxy, startHttp } from '../support/in-process';
import { publish, readPacket, subscribe } from '../support/mqtt';
import { FIGURES, type RealServer } from '../support/real-server';

/** s. The server waits for half as long again. */
const KEEP_ALIVE = 2;

const start = async () => {
  const broker = await Aedes.createBroker();
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
  options: () => ({
    protocols: 'mqtt',
    heartbeat: {
      message: Uint8Array.of(0xc0, 0),
      responseMessage: Uint8Array.of(0xd0, 0),
      ...FIGURES,
    },
    handshake: async ({ send, receive }) => {
      send(
        Uint8Array.from([0x10, 13, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, KEEP_ALIVE, 0, 1, Math.random() * 96 + 32]),
      );
      for (let i = 0; i < 4; i++) await receive();
    },
  }),
  ends: 1006,
  greets: [subscribe('news')],
  says: (text) => publish('news', text),
  reads: readPacket,
};
