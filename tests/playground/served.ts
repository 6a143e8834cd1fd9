/** The playground's server on a port of its own, and whoever comes to it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { ControlMessage, Figures } from '../../playground/protocol/control.ts';
import type { Door } from '../../playground/server/door.ts';
import { createPlaygroundServer } from '../../playground/server/playground-server.ts';
import { eventually } from '../support/eventually.ts';

export { eventually };

export interface Peer {
  readonly socket: WebSocket;
  readonly heard: string[];
  /** The http status of who was not let in. */
  refusal?: number | undefined;
  /** The code that the connection ended with. */
  ended?: number;
}

/** An attempt to connect. */
export function knock(url: string, options: ClientOptions = {}): Peer {
  const socket = new WebSocket(url, options);
  const peer: Peer = { socket, heard: [] };
  socket.on('message', (data) => peer.heard.push(String(data)));
  socket.on('unexpected-response', (_request, { statusCode }) => {
    peer.refusal = statusCode;
    socket.terminate();
  });
  socket.on('error', () => {});
  socket.on('close', (code) => {
    peer.ended = code;
  });
  return peer;
}

/** What came of an attempt: `101`, or the status of the refusal. */
export async function outcome(peer: Peer): Promise<number | undefined> {
  await eventually(() => expect(peer.socket.readyState !== WebSocket.CONNECTING).toBe(true));
  return peer.socket.readyState === WebSocket.OPEN ? 101 : peer.refusal;
}

export async function serve(door?: Partial<Door>, at = 0) {
  const playground = await createPlaygroundServer(door);
  const http = createServer().on('upgrade', playground.handleUpgrade);
  await once(http.listen(at, '127.0.0.1'), 'listening');
  const { port } = http.address() as AddressInfo;
  const peers: Peer[] = [];

  function attempt(path: string, headers: Record<string, string> = {}): Peer {
    const peer = knock(`ws://127.0.0.1:${port}${path}`, { headers });
    peers.push(peer);
    return peer;
  }

  async function connect(path: string): Promise<Peer> {
    const peer = attempt(path);
    expect(await outcome(peer)).toBe(101);
    return peer;
  }

  /** A page: its control connection, and what that was told. */
  async function visit(token = '') {
    const peer = await connect(`/control?token=${token}`);
    const messages = () => peer.heard.map((text) => JSON.parse(text) as ControlMessage);
    await eventually(() => expect(messages()[0]?.type).toBe('visitor'));
    const [pass] = messages() as [Extract<ControlMessage, { type: 'visitor' }>];
    const figures = (): Figures | undefined => messages().findLast((message) => message.type === 'figures')?.figures;
    return { ...pass, peer, messages, figures };
  }

  return {
    port,
    attempt,
    connect,
    visit,
    /** TCP connections that the server holds. */
    connections: () => new Promise<number>((resolve) => http.getConnections((_, count) => resolve(count))),
    async close() {
      for (const { socket } of peers) socket.terminate();
      await playground.close();
      http.closeAllConnections();
      http.close();
    },
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;
