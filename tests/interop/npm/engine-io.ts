/** Engine.IO by itself, without socket.io upon it. */
import { Server } from 'engine.io';
import { engineIo } from '../../../src/heartbeats';
import { startBehindProxy, startHttp } from '../support/in-process';
import type { RealServer } from '../support/real-server';

const PING = { pingInterval: 1_000, pingTimeout: 4_000 };

const start = () =>
  startHttp((http) => {
    const engine = new Server(PING);
    engine.attach(http, { path: '/engine.io/' });
    engine.on('connection', (socket) => socket.on('message', (text: string) => socket.send(text)));
    return () => engine.close();
  });

export const engineIoServer: RealServer = {
  name: 'engine.io',
  limit: PING.pingInterval + PING.pingTimeout,
  start: () => startBehindProxy(start, '/engine.io/?EIO=4&transport=websocket'),
  options: () => engineIo(),
  ends: 1005,
  says: (text) => `4${text}`,
};
