/** socket.io: the server pings clients of its own generation, and clients of the one before ping the server. */
import { Server } from 'socket.io';
import { startBehindProxy, startHttp } from '../support/in-process';
import type { RealServer } from '../support/real-server';

const PING = { pingInterval: 1_000, pingTimeout: 2_000 };

const start = () =>
  startHttp((http) => {
    const io = new Server(http, { ...PING, allowEIO3: true, serveClient: false });
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
  options: () => ({
    heartbeat: { beats: 'server', control: (data) => (data === '2' ? { reply: '3' } : undefined) },
    handshake: async ({ send, receive }) => {
      const { pingInterval, pingTimeout } = JSON.parse(String(await receive()).slice(1));
      send('40');
      await receive();
      return { interval: pingInterval, pongTimeout: pingTimeout };
    },
  }),
  ends: 1005,
};

/** Engine.io 3: the client pings, and no preset is needed. */
export const socketIo3: RealServer = {
  ...common,
  name: 'socket.io, EIO 3',
  start: () => startBehindProxy(start, '/socket.io/?EIO=3&transport=websocket'),
  options: () => ({
    heartbeat: { message: '2', responseMessage: '3', interval: 700, pongTimeout: 3_000 },
    // The server's greeting, and then the word that the namespace is there.
    handshake: async ({ receive }) => {
      await receive();
      await receive();
    },
  }),
  ends: 1005,
};
