/** SockJS: the server pings by the WebSocket protocol, which a page does not see, so that the app asks for its own sign of life. */
import sockjs from 'sockjs';
import { startBehindProxy, startHttp } from '../support/in-process';
import type { RealServer } from '../support/real-server';

const LIMIT = 2_000;

const start = () =>
  startHttp((http) => {
    const echo = sockjs.createServer({ heartbeat_delay: LIMIT, log() {} });
    echo.on('connection', (connection) => connection.on('data', (text) => connection.write(text)));
    echo.installHandlers(http, { prefix: '/echo' });
    return undefined;
  });

export const sockJsNode: RealServer = {
  name: 'sockjs',
  limit: LIMIT,
  start: () => startBehindProxy(start, '/echo/000/session/websocket'),
  options: () => ({
    heartbeat: {
      message: '["beat"]',
      responseMessage: 'a["beat"]',
      interval: 700,
      pongTimeout: 3_000,
      control: (data) => (data === 'h' ? {} : undefined),
    },
    handshake: async ({ receive }) => void (await receive()),
  }),
  says: (text) => JSON.stringify([text]),
};
