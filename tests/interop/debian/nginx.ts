/** nginx: as a proxy with a short limit, and with the module nchan as a server of its own. */
import { nchan, textPing } from '../../../src/heartbeats';
import { freePort, startProgram } from '../support/program';
import { FIGURES, type RealServer } from '../support/real-server';
import { startEcho } from './echo';
import { programs } from './programs';

/** Seconds after which nginx cuts a connection on which nothing passes. */
const LIMIT = 5;

/** One process, so that one signal stops all of it, whose files are in the folder. */
const config = (folder: string, modules: string, location: string, port: number): string => `
${modules}
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / { ${location} }
  }
}`;

const startNginx = async (modules: string, location: string) => {
  const port = await freePort();
  return startProgram({
    path: programs.nginx,
    port,
    files: (folder) => ({ 'nginx.conf': config(folder, modules, location, port) }),
    args: (folder) => ['-p', folder, '-c', `${folder}/nginx.conf`],
  });
};

/** What a publisher says goes to all who listen, and so to the publisher. `meta`: each message begins with its id. */
const nchanServer = (meta: boolean): RealServer => ({
  name: meta ? 'nchan, ws+meta.nchan' : 'nchan',
  limit: LIMIT * 1_000,
  start: () =>
    startNginx(
      `load_module ${programs.nchan};`,
      `nchan_pubsub;
      nchan_channel_id $uri;
      nchan_websocket_ping_interval ${LIMIT}s;
      nchan_websocket_client_heartbeat ping pong;
      nchan_subscriber_first_message newest;`,
    ),
  place: (url, client) => url + client,
  options: () => nchan({ meta, ...FIGURES }),
  says: (text) => text,
});

export const nchanPlain = nchanServer(false);
export const nchanMeta = nchanServer(true);

export const nginxProxy: RealServer = {
  name: 'nginx as a proxy',
  limit: LIMIT * 1_000,
  async start() {
    const echo = await startEcho();
    const nginx = await startNginx(
      '',
      `proxy_pass http://127.0.0.1:${echo.port};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_read_timeout ${LIMIT}s;`,
    );
    return { ...nginx, end: () => Promise.all([nginx.end(), echo.end()]).then(() => {}) };
  },
  options: () => textPing('ping', 'pong', FIGURES),
  ends: 1006,
  says: (text) => text,
};
