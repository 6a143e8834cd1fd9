/** Janus: this side keeps a session alive, whose end leaves the connection as it is. */
import { janus } from '../../../src/heartbeats';
import { freePort, startProgram } from '../support/program';
import { FIGURES, type RealServer } from '../support/real-server';
import { programs } from './programs';

/** Seconds after which Janus ends a session of which it hears nothing. */
const LIMIT = 5;

/** Without plugins, of which the folder has none. */
const config = (folder: string): string => `
general: {
  configs_folder = "${folder}"
  plugins_folder = "${folder}"
  events_folder = "${folder}"
  loggers_folder = "${folder}"
  session_timeout = ${LIMIT}
  api_secret = "secret"
}
transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }
`;

const webSockets = (port: number): string => `
general: { ws = true, ws_ip = "127.0.0.1", ws_port = ${port}, wss = false }
admin: { admin_ws = false, admin_wss = false }
`;

const client = (apisecret: string) => janus({ onHandshake() {}, apisecret, ...FIGURES });

export const janusServer: RealServer = {
  name: 'Janus',
  limit: LIMIT * 1_000,
  async start() {
    const port = await freePort();
    return startProgram({
      path: programs.janus,
      port,
      files: (folder) => ({ 'janus.jcfg': config(folder), 'janus.transport.websockets.jcfg': webSockets(port) }),
      args: (folder) => ['--configs-folder', folder, '--config', `${folder}/janus.jcfg`],
    });
  },
  options: () => client('secret'),
  ends: /"janus":\s*"timeout"/,
  refused: { options: () => client('wrong'), error: /Unauthorized/, comesBack: true },
  says: (text) => JSON.stringify({ janus: 'ping', transaction: text, apisecret: 'secret' }),
};
