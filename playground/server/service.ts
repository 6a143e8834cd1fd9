import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';

/** Something that serves WebSockets at one path of an http server. */
export interface Service {
  /** Takes over a request to upgrade: give it what an http server's `upgrade` event brings. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes each connection with 1012 (service restart), and resolves once all are gone. */
  close(): Promise<void>;
}

/** A service with the connections of named clients. */
export interface ClientService extends Service {
  /** Closes the connections of one client. */
  closeClient(client: string, code: number, reason: string): void;
}

/** How long `closeAll()` waits for clients that do not answer, in ms. */
const CLOSE_GRACE = 1_000;

const partsOf = ({ url = '/' }: IncomingMessage): string[] => url.split('?', 2);

export const pathOf = (request: IncomingMessage): string => partsOf(request)[0] as string;
export const queryOf = (request: IncomingMessage): URLSearchParams => new URLSearchParams(partsOf(request)[1]);

/** A client is who it says it is: this is a playground. */
export const clientOf = (request: IncomingMessage): string => (queryOf(request).get('client') ?? '').slice(0, 64);

export async function closeAll(server: WebSocketServer): Promise<void> {
  for (const socket of server.clients) socket.close(1012, 'restarting');
  const grace = setTimeout(() => {
    for (const socket of server.clients) socket.terminate();
  }, CLOSE_GRACE);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(grace);
}

export function tell(socket: WebSocket, message: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}
