/** SockJS: the server pings by the WebSocket protocol, which a page does not see, so that the app asks for its own sign of life. */
import sockjs from 'sockjs';
import { sockJs } from '../../../src/heartbeats';
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
  options: () => sockJs({ interval: LIMIT, pongTimeout: 3_000 }),
  says: (text) => JSON.stringify([text]),
};
