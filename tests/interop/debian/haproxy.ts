/** haproxy as a proxy: a connection on which nothing passes is cut on both sides. */
import { textPing } from '../../../src/heartbeats';
import { freePort, startProgram } from '../support/program';
import { FIGURES, type RealServer } from '../support/real-server';
import { startEcho } from './echo';
import { programs } from './programs';

/** Seconds after which haproxy cuts a connection on which nothing passes. */
const LIMIT = 5;

const config = (port: number, target: number): string => `
defaults
  mode http
  timeout connect 2s
  timeout client ${LIMIT}s
  timeout server ${LIMIT}s
listen proxy
  bind 127.0.0.1:${port}
  timeout tunnel ${LIMIT}s
  server echo 127.0.0.1:${target}
`;

export const haproxy: RealServer = {
  name: 'haproxy',
  limit: LIMIT * 1_000,
  async start() {
    const [echo, port] = await Promise.all([startEcho(), freePort()]);
    const proxy = await startProgram({
      path: programs.haproxy,
      port,
      files: () => ({ 'haproxy.cfg': config(port, echo.port) }),
      args: (folder) => ['-db', '-f', `${folder}/haproxy.cfg`],
    });
    return { ...proxy, end: () => Promise.all([proxy.end(), echo.end()]).then(() => {}) };
  },
  options: () => textPing('ping', 'pong', FIGURES),
  ends: 1006,
  says: (text) => text,
};
