/** socket.io: the server pings clients of its own generation, and clients of the one before ping the server. */
import { Server } from 'socket.io';
import { socketIo } from '../../../src/heartbeats';
import { startBehindProxy, startHttp } from '../support/in-process';
import { FIGURES, type RealServer } from '../support/real-server';

const PING = { pingInterval: 1_000, pingTimeout: 4_000 };

const start = () =>
  startHttp((http) => {
    const io = new Server(http, { ...PING, allowEIO3: true, serveClient: false });
    io.use((socket, next) => next(socket.handshake.auth.token === 'wrong' ? new Error('who is that?') : undefined));
    io.on('connection', (socket) => socket.on('say', (text) => socket.emit('said', text)));
    return () => {
      io.disconnectSockets(true);
      io.engine.close();
    };
  });

const common = {
  limit: PING.pingInterval + PING.pingTimeout,
  says: (text: string) => `42["say","${text}"]`,
};

export const socketIo4: RealServer = {
  ...common,
  name: 'socket.io, EIO 4',
  start: () => startBehindProxy(start, '/socket.io/?EIO=4&transport=websocket'),
  options: () => socketIo(),
  refused: { options: () => socketIo({ auth: { token: 'wrong' } }), error: /who is that/, comesBack: true },
  ends: 1005,
};

/** Engine.io 3: the client pings, and no preset is needed. */
export const socketIo3: RealServer = {
  ...common,
  name: 'socket.io, EIO 3',
  start: () => startBehindProxy(start, '/socket.io/?EIO=3&transport=websocket'),
  options: () => ({
    heartbeat: { message: '2', responseMessage: '3', ...FIGURES },
    // The server's greeting, and then the word that the namespace is there.
    handshake: async ({ receive }) => {
      await receive();
      await receive();
    },
  }),
  ends: 1005,
};
