/** A server on a raw socket. It attacks the first connection, and is well to those that come later: it says back what it hears. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { listen } from '../server/listen.ts';
import { CLOSE, frame, readFrame, TEXT } from './frames.ts';

/** A connection whose client has asked for a WebSocket. */
export interface Link {
  readonly socket: Socket;
  /** The value that the handshake must answer with. */
  readonly accept: string;
  /** The port of the server. */
  readonly port: number;
  /** Writes, and waits until there is room for more. False: the connection has ended. */
  write(bytes: Uint8Array | string): Promise<boolean>;
  /** Answers the handshake as it should be, with these headers beside the usual ones. */
  shake(...headers: string[]): void;
  /** From now on says back what it hears, and answers a close. */
  behave(): void;
}

export type Attack = (link: Link) => unknown;

export interface HostileServer {
  readonly url: string;
  /** How many connections have asked for a WebSocket. */
  asked(): number;
  end(): void;
}

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The first sub-protocol that the client asks for: some browsers insist on one. */
const protocolOf = (request: string): string[] => {
  const [, protocol] = /^sec-websocket-protocol: *([^,\s]+)/im.exec(request) ?? [];
  return protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : [];
};

const acceptOf = (request: string): string => {
  const [, key = ''] = /^sec-websocket-key: *(\S+)/im.exec(request) ?? [];
  return createHash('sha1')
    .update(key + MAGIC)
    .digest('base64');
};

function behave(socket: Socket): void {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more as Buffer]);
    for (let heard = readFrame(bytes); heard; heard = readFrame(bytes)) {
      const { opcode, reserved, payload, rest } = heard;
      bytes = rest;
      if (opcode === TEXT) socket.write(frame({ payload, reserved }));
      else if (opcode === CLOSE) socket.end(frame({ opcode, payload }));
    }
  });
  socket.resume();
}

function linkOf(socket: Socket, request: string, port: number): Link {
  const link: Link = {
    socket,
    accept: acceptOf(request),
    port,
    async write(bytes) {
      if (socket.destroyed || socket.writableEnded) return false;
      if (!socket.write(bytes)) {
        const ended = new AbortController();
        socket.once('close', () => ended.abort());
        await once(socket, 'drain', { signal: ended.signal }).catch(() => {});
      }
      return !socket.destroyed;
    },
    shake(...headers) {
      const usual = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${link.accept}`];
      socket.write(['HTTP/1.1 101 Switching Protocols', ...usual, ...headers, '', ''].join('\r\n'));
    },
    behave: () => behave(socket),
  };
  return link;
}

/** `times`: how many connections are attacked. */
export async function startHostileServer(attack: Attack, times = 1): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let asked = 0;
  let port = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // The client may cut the connection at any time.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let request = '';
    const hear = (bytes: Buffer | string): void => {
      request += String(bytes);
      if (!request.includes('\r\n\r\n')) return;
      socket.off('data', hear);
      // Until the server behaves it reads nothing.
      socket.pause();
      asked += 1;
      const link = linkOf(socket, request, port);
      if (asked <= times) return void attack(link);
      link.shake(...protocolOf(request));
      link.behave();
    };
    socket.on('data', hear);
  });
  port = await listen(server);
  return {
    url: `ws://127.0.0.1:${port}/`,
    asked: () => asked,
    end() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
