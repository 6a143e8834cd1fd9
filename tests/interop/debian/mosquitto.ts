/** mosquitto, with both versions of MQTT. */
import { mqtt } from '../../../src/heartbeats';
import { publish, publishV5, readPacket, subscribe, subscribeV5 } from '../support/mqtt';
import { freePort, startProgram } from '../support/program';
import { FIGURES, muted, type RealServer } from '../support/real-server';
import { programs } from './programs';

/** s. The server waits for half as long again, and looks for such clients each 5 s. */
const KEEP_ALIVE = 2;

/** What `mosquitto_passwd` makes of the name ann and the password secret. */
const PASSWORDS =
  'ann:$7$101$h6LBgO93BQYCfH6b$Oqzq5yyMyeoiogmc5/s9behq3JqPPbO12A1ishu/xb2J7RQhWBmAxOZ/G4g0ynAptqnyUFPsr+HrQjSAI0mYbg==\n';

/**
 * Version 2.0.11 does not start without a listener for plain MQTT beside the one for WebSockets. Started by root, it would
 * become a user who may not read the folder.
 */
const config = (folder: string, plainPort: number, port: number): string => `
user root
allow_anonymous true
password_file ${folder}/passwords
listener ${plainPort} 127.0.0.1
listener ${port} 127.0.0.1
protocol websockets
`;

const mosquitto = (version: 4 | 5): RealServer => ({
  name: `mosquitto, MQTT ${version === 4 ? '3.1.1' : '5'}`,
  limit: 5_500,
  async start() {
    const [plainPort, port] = await Promise.all([freePort(), freePort()]);
    return startProgram({
      path: programs.mosquitto,
      port,
      files: (folder) => ({ 'mosquitto.conf': config(folder, plainPort, port), passwords: PASSWORDS }),
      args: (folder) => ['-c', `${folder}/mosquitto.conf`],
    });
  },
  options: () => mqtt({ version, username: 'ann', password: 'secret', keepAlive: KEEP_ALIVE, ...FIGURES }),
  silent: () => muted(mqtt({ version, keepAlive: KEEP_ALIVE })),
  ends: 1006,
  refused: {
    options: () => mqtt({ version, username: 'ann', password: 'wrong' }),
    error: version === 4 ? /CONNACK 5/ : /CONNACK 135/,
  },
  greets: [version === 4 ? subscribe('news') : subscribeV5('news')],
  says: (text) => (version === 4 ? publish('news', text) : publishV5('news', text)),
  reads: readPacket,
});

export const mosquitto3 = mosquitto(4);
export const mosquitto5 = mosquitto(5);
