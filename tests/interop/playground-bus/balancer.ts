/** One address for several servers: it passes bytes on to the one that it is told to. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  readonly port: number;
  /** Whoever comes from now on is passed on to this port. */
  leadTo(port: number): void;
  end(): void;
}

export async function startBalancer(first: number): Promise<Balancer> {
  let target = first;
  const sockets = new Set<Socket>();
  const hold = (socket: Socket, other: () => Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server = createServer((client) => {
    const behind = connect(target, '127.0.0.1');
    hold(client, () => behind);
    hold(behind, () => client);
    client.pipe(behind).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      target = port;
    },
    end() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
