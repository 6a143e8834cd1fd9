/** sockjs-node: the server pings by the WebSocket protocol, which a page does not see, so the app's own code answers heartbeats. */
import sockjs from 'sockjs';
import { sockJs } from '../../../src/heartbeats';
import { startBehindProxy, startHttp } from '../support/in-process';
import { FIGURES, type RealServer } from '../support/real-server';

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
  options: () => sockJs({ ping: 'beat', ...FIGURES }),
  says: (text) => JSON.stringify([text]),
};
