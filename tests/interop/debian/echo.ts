/** What is behind the proxies: a server that never ends a connection, answers `ping` with `pong`, and gives back anything else. */
import { WebSocketServer } from 'ws';
import { type Listening, startHttp } from '../support/in-process';

export const startEcho = (): Promise<Listening> =>
  startHttp((server) => {
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', (data) => socket.send(`${data}` === 'ping' ? 'pong' : `${data}`));
    });
    return undefined;
  });
