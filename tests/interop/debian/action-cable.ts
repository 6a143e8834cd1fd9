/** Action Cable on puma: the server sends a ping each 3 s, which is fixed, and never gives a silent client up. */
import { fileURLToPath } from 'node:url';
import { actionCable } from '../../../src/heartbeats';
import { freePort, startProgram } from '../support/program';
import type { RealServer } from '../support/real-server';
import { programs } from './programs';

const identifier = '{"channel":"EchoChannel"}';

export const actionCableServer: RealServer = {
  name: 'Action Cable with puma',
  limit: 3_000,
  async start() {
    const port = await freePort();
    return startProgram({
      path: programs.puma,
      port,
      args: () => ['--bind', `tcp://127.0.0.1:${port}`, fileURLToPath(new URL('cable.ru', import.meta.url))],
    });
  },
  options: () => actionCable(),
  refused: { options: actionCable, query: '?user=nobody', error: /unauthorized/ },
  greets: [JSON.stringify({ command: 'subscribe', identifier })],
  says: (text) => JSON.stringify({ command: 'message', identifier, data: JSON.stringify({ action: 'say', text }) }),
};
