import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { HEARTBEAT, HEARTBEAT_INTERVAL } from '../protocol/heartbeat.ts';
import { RUN_EVERY, RUN_LENGTH, type RunMessage } from '../protocol/run.ts';
import { type AttentionOptions, payAttention } from './attention.ts';
import { createRuns, type Run, type Runs } from './runs.ts';
import { accept, type ClientService, clientOf, closeAll, createSocketServer, queryOf, send, tell } from './service.ts';

export interface RunServerOptions extends Partial<AttentionOptions> {
  /** Whether the server says nothing to this client, neither numbers nor answers to its heartbeats. */
  isMuted?: (client: string) => boolean;
  /** The runs under way. A server that is given those of the one before it goes on with them. */
  runs?: Runs;
}

interface Listener {
  readonly run: Run;
  /** The last number that was sent to the connection. */
  upTo: number;
  /** What the connection was told last of what has arrived. */
  told: string;
}

/** Sends numbers to the connections of a run, and counts those that come from them. */
export function createRunServer(options: RunServerOptions = {}): ClientService {
  const { silentAfter = 2 * HEARTBEAT_INTERVAL, idleAfter = 20_000 } = options;
  const { isMuted = () => false, runs = createRuns() } = options;
  const server = createSocketServer(1_024);
  const listeners = new Map<WebSocket, Listener>();
  const attention = payAttention(server.clients, { silentAfter, idleAfter });

  const ticks = setInterval(() => {
    for (const [socket, listener] of listeners) if (!isMuted(listener.run.client)) tellNews(socket, listener);
  }, RUN_EVERY).unref();

  return {
    handleUpgrade: (...upgrade) => accept(server, upgrade, (socket) => join(socket, upgrade[0])),
    closeClient(client, code, reason) {
      for (const [socket, { run }] of listeners) if (run.client === client) socket.close(code, reason);
    },
    async close() {
      attention.end();
      clearInterval(ticks);
      await closeAll(server);
    },
  };

  function join(socket: WebSocket, request: IncomingMessage): void {
    const query = queryOf(request);
    const run = runs.get(clientOf(request), (query.get('run') ?? '').slice(0, 64));
    if (!run) {
      socket.close(1013, 'too many runs');
      return;
    }
    listeners.set(socket, { run, upTo: startOf(run, query.get('since')), told: '' });
    attention.heard(socket);
    socket.on('message', (data) => {
      attention.heard(socket);
      const text = String(data);
      if (text !== HEARTBEAT) run.arrive(numberIn(text));
      else if (!isMuted(run.client)) send(socket, HEARTBEAT);
    });
    socket.on('close', () => listeners.delete(socket));
  }
}

/** The number that the connection has already. */
function startOf(run: Run, since: string | null): number {
  if (since === null) return run.due();
  const number = Number(since);
  return Number.isInteger(number) ? Math.min(RUN_LENGTH, Math.max(0, number)) : 0;
}

function tellNews(socket: WebSocket, listener: Listener): void {
  const { run } = listener;
  const due = run.due();
  while (listener.upTo < due) {
    listener.upTo += 1;
    tell(socket, { type: 'down', number: listener.upTo } satisfies RunMessage);
  }
  const count: RunMessage = { type: 'count', sent: due, arrived: run.arrived, twice: run.twice };
  const news = JSON.stringify(count);
  if (news !== listener.told) send(socket, news);
  listener.told = news;
}

/** What is no message of a run has no number. */
function numberIn(text: string): unknown {
  try {
    return Object(JSON.parse(text)).number;
  } catch {
    return undefined;
  }
}
