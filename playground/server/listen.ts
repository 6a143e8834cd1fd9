import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What `localhost` can mean. A browser tries both, in an order of its own. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** Listens on this port of one address, or of this machine's two own: whoever has no IPv6 has the first alone. */
export async function listenOn(
  create: () => Server,
  port: number,
  host?: string,
): Promise<{ port: number; servers: readonly Server[] }> {
  const servers: Server[] = [];
  let chosen = port;
  for (const address of host === undefined ? LOOPBACK : [host]) {
    const server = create();
    try {
      await once(server.listen(chosen, address), 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const hasNone = servers.length > 0 && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT');
      if (hasNone) continue;
      for (const one of servers) one.close();
      throw error;
    }
    chosen = (server.address() as AddressInfo).port;
    servers.push(server);
  }
  return { port: chosen, servers };
}
