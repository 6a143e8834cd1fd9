import { type WebSocket, WebSocketServer } from 'ws';
import {
  type ControlMessage,
  type ControlRequest,
  type Figures,
  LASTING_FAULTS,
  MOMENTARY_FAULTS,
} from '../protocol/control.ts';
import { HEARTBEAT } from '../protocol/heartbeat.ts';
import { isCloseCode, liftAll, setLasting, strike, type Unreliable } from './faults.ts';
import { clientOf, closeAll, type Service, tell } from './service.ts';
import type { Visitors } from './visitors.ts';

export interface Controlled extends Unreliable {
  figures(client: string): Figures;
}

/** ms between two looks at the figures. */
const LOOK = 100;

/** Carries out what the fault panel asks for, and tells each page the figures of its own connections. */
export function createControlServer(controlled: Controlled, visitors: Visitors): Service {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  const clients = new Map<WebSocket, string>();

  return {
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (accepted) => join(accepted, clientOf(request)));
    },
    close: () => closeAll(server),
  };

  function join(socket: WebSocket, client: string): void {
    clients.set(socket, client);
    let told = '';
    const look = setInterval(() => {
      const lasting = [...visitors.get(client).lasting];
      const message: ControlMessage = { type: 'figures', figures: controlled.figures(client), lasting };
      const news = JSON.stringify(message);
      if (news !== told) tell(socket, message);
      told = news;
    }, LOOK);
    socket.on('message', (data) => {
      if (String(data) === HEARTBEAT) socket.send(HEARTBEAT);
      else obey(socket, client, String(data));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(look);
      clients.delete(socket);
      // Nobody is left who could lift them.
      if (![...clients.values()].includes(client)) liftAll(visitors.get(client));
      visitors.sweep();
    });
  }

  function obey(socket: WebSocket, client: string, message: string): void {
    const request = readRequest(message);
    if (!request) return;
    const visitor = visitors.get(client);
    const on = request.type === 'strike' || request.on;
    if (request.type === 'set') setLasting(visitor, request.fault, on);
    else strike(controlled, client, visitor, request.fault, request.code ?? 1000);
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
