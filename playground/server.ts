/** The playground's server by itself: `node playground/server.ts --help`. Within Vite, server-plugin.ts mounts the same. */
import { createServer, type Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';
import type { Bus } from './server/bus/bus.ts';
import { listenOn } from './server/listen.ts';
import { createPlaygroundServer } from './server/playground-server.ts';

const HELP = `The playground's server alone: npm run server -- [options]

  --port 8787                    The port; without it the environment variable PORT, or 8787. 0 is any that is free
  --host 0.0.0.0                 The address to listen on. Without it only this machine can connect (127.0.0.1 and ::1)
  --name box.example.com         A name that the server may be reached by, beside localhost and addresses. May be repeated
  --origin https://example.com   Pages of this origin may connect, beside pages of this machine. May be repeated
  --bus nats://127.0.0.1:4222    Several processes are one server: this NATS, with JetStream, spreads chat and presence. May be repeated, for
                                 the servers of one cluster
  --help
`;

/** TCP connections to one address, those that speak no WebSocket too. */
const MAX_SOCKETS = 1_024;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '8787' },
    host: { type: 'string' },
    name: { type: 'string', multiple: true, default: [] },
    origin: { type: 'string', multiple: true, default: [] },
    bus: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean' },
  },
});

if (values.help) console.log(HELP);
else await serve(values);

/** As a browser writes it. Throws for what is no url. */
function originOf(given: string): string {
  return new URL(given).origin;
}

/** Ends the process, with the reason, when the bus cannot be used. The client of NATS is loaded for a bus alone. */
async function openBus(addresses: readonly string[]): Promise<Bus | undefined> {
  if (!addresses.length) return undefined;
  const { openNatsBus } = await import('./server/bus/nats-bus.ts');
  return openNatsBus(addresses).catch(({ message }: Error) => {
    console.error(message);
    process.exit(1);
  });
}

async function serve({ port, host, name, origin, bus: addresses }: Omit<typeof values, 'help'>): Promise<void> {
  const bus = await openBus(addresses);
  const door = { hosts: host ? [host, ...name] : name, origins: origin.map(originOf) };
  const playground = await createPlaygroundServer(door, bus);
  const create = (): Server => {
    const server = createServer((_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' }).end('WebSockets only.\n');
    });
    server.maxConnections = MAX_SOCKETS;
    return server.on('upgrade', playground.handleUpgrade);
  };
  const listening = await listenOn(create, Number(port), host);
  console.log(`Playground server: ws://${isIPv6(host ?? '') ? `[${host}]` : (host ?? 'localhost')}:${listening.port}`);

  // Once: a second Ctrl+C ends the process without waiting.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      for (const server of listening.servers) server.close();
      await playground.close();
      await bus?.close();
      for (const server of listening.servers) server.closeAllConnections();
      // The client of NATS leaves timers behind each time that it has lost the bus. They would keep the process from ending.
      if (bus) process.exit();
    });
  }
}
