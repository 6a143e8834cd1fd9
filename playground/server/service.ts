import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_UNREAD, MAX_UNREAD_MESSAGES, MESSAGE_PARTS } from './bounds.ts';

/** What an http server's `upgrade` event brings. */
export type Upgrade = [request: IncomingMessage, socket: Duplex, head: Buffer];

/** Something that serves WebSockets at one path of an http server. */
export interface Service {
  /** Takes over a request to upgrade. */
  handleUpgrade(...upgrade: Upgrade): void;
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

/** The client that a connection is for. The door has checked the client's token, so a service trusts the id in the url. */
export const clientOf = (request: IncomingMessage): string => (queryOf(request).get('client') ?? '').slice(0, 64);

/** Answers a request to upgrade with an http status, and destroys its socket, also where the client leaves the connection half open. */
export function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {});
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** `maxPayload`: bytes of the longest message. Of pings that nobody reads the answer to, `ws` itself takes only so many. */
export const createSocketServer = (maxPayload: number): WebSocketServer =>
  new WebSocketServer({ noServer: true, maxPayload, ...MESSAGE_PARTS });

/** Takes over a request to upgrade. `join` is given the connection. */
export function accept(
  server: WebSocketServer,
  [request, socket, head]: Upgrade,
  join: (socket: WebSocket) => void,
): void {
  server.handleUpgrade(request, socket, head, (accepted) => {
    // A frame that is too large or makes no sense ends its socket. Unheard, the error would end the server.
    accepted.on('error', () => {});
    join(accepted);
  });
}

export async function closeAll(server: WebSocketServer): Promise<void> {
  for (const socket of server.clients) socket.close(1012, 'restarting');
  const grace = setTimeout(() => {
    for (const socket of server.clients) socket.terminate();
  }, CLOSE_GRACE);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(grace);
}

/** A message as it goes over the wire: made once, whatever the number of those who get it. */
export const toBytes = (message: object): Buffer => Buffer.from(JSON.stringify(message));

/** How many messages of each socket have not left for the network. */
const unread = new WeakMap<WebSocket, number>();

/** Sends a text. A client that does not read, or that has too many messages waiting for it, is disconnected. */
export function send(socket: WebSocket, text: string | Buffer): void {
  if (socket.readyState !== socket.OPEN) return;
  const waiting = unread.get(socket) ?? 0;
  if (socket.bufferedAmount > MAX_UNREAD || waiting > MAX_UNREAD_MESSAGES) {
    socket.terminate();
    return;
  }
  unread.set(socket, waiting + 1);
  socket.send(text, { binary: false }, () => unread.set(socket, (unread.get(socket) ?? 0) - 1));
}

export const tell = (socket: WebSocket, message: object): void => send(socket, toBytes(message));
