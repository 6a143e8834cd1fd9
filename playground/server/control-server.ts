import type { WebSocket } from 'ws';
import {
  type ControlMessage,
  type ControlRequest,
  type Figures,
  LASTING_FAULTS,
  MOMENTARY_FAULTS,
} from '../protocol/control.ts';
import { HEARTBEAT } from '../protocol/heartbeat.ts';
import { payAttention } from './attention.ts';
import { isCloseCode, liftAll, setLasting, strike, type Unreliable } from './faults.ts';
import type { Pass } from './passes.ts';
import { accept, closeAll, createSocketServer, send, tell, type Upgrade } from './service.ts';
import type { Visitor, Visitors } from './visitors.ts';

export interface Controlled extends Unreliable {
  figures(client: string): Figures;
}

export interface ControlServer {
  /** Takes over a visitor's request to upgrade. */
  handleUpgrade(pass: Pass, ...upgrade: Upgrade): void;
  /** Closes each connection with 1012 (service restart), and resolves once all are gone. */
  close(): Promise<void>;
}

/** ms between two looks at the figures. */
const LOOK = 100;

/** ms without an answer to a ping after which a control connection is cut. Its page need not say anything. */
const IDLE = 60_000;

/** Carries out what the fault panel asks for, and tells each page the figures of its own connections. */
export function createControlServer(controlled: Controlled, visitors: Visitors, idleAfter = IDLE): ControlServer {
  const server = createSocketServer(1_024);
  const attention = payAttention(server.clients, { silentAfter: idleAfter, idleAfter }, () => {
    for (const socket of server.clients) socket.ping();
  });

  return {
    handleUpgrade: (pass, ...upgrade) => accept(server, upgrade, (socket) => join(socket, pass)),
    async close() {
      attention.end();
      await closeAll(server);
    },
  };

  function join(socket: WebSocket, pass: Pass): void {
    const visitor = visitors.get(pass.id);
    visitor.controls.add(socket);
    attention.heard(socket);
    tell(socket, { type: 'visitor', ...pass } satisfies ControlMessage);
    let told = '';
    const look = setInterval(() => {
      const lasting = [...visitor.lasting];
      const message: ControlMessage = { type: 'figures', figures: controlled.figures(visitor.id), lasting };
      const news = JSON.stringify(message);
      if (news !== told) tell(socket, message);
      told = news;
    }, LOOK);
    socket.on('message', (data) => {
      attention.heard(socket);
      if (String(data) === HEARTBEAT) send(socket, HEARTBEAT);
      else obey(socket, visitor, String(data));
    });
    socket.on('pong', () => attention.heard(socket));
    socket.on('close', () => {
      clearInterval(look);
      visitor.controls.delete(socket);
      // Nobody is left who could lift them.
      if (!visitor.controls.size) liftAll(visitor);
      visitors.release(visitor);
    });
  }

  function obey(socket: WebSocket, visitor: Visitor, message: string): void {
    const request = readRequest(message);
    if (!request) return;
    const on = request.type === 'strike' || request.on;
    if (request.type === 'set') setLasting(visitor, request.fault, on);
    else strike(controlled, visitor, request.fault, request.code ?? 1000);
    tell(socket, { type: 'done', fault: request.fault, on, at: Date.now() } satisfies ControlMessage);
  }
}

/** The request in a message. What makes no sense is none. */
function readRequest(message: string): ControlRequest | undefined {
  let value: Record<string, unknown>;
  try {
    value = Object(JSON.parse(message));
  } catch {
    return undefined;
  }
  const { type, on, code } = value;
  const momentary = MOMENTARY_FAULTS.find((fault) => fault === value['fault']);
  const lasting = LASTING_FAULTS.find((fault) => fault === value['fault']);
  if (type === 'strike' && momentary) return { type, fault: momentary, ...(isCloseCode(code) && { code }) };
  if (type === 'set' && lasting && typeof on === 'boolean') return { type, fault: lasting, on };
  return undefined;
}
