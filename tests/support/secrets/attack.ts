/** Connections that are given a secret, and all that the library makes of it. */
import { inspect } from 'node:util';
import { createWebSocketTransport, type WebSocketConstructor } from '../../../src/browser/web-socket-transport';
import { createConnection } from '../../../src/core/connection';
import type { Connection, ConnectionListener } from '../../../src/core/connection-types';
import { HeartbeatSocketError } from '../../../src/core/errors';
import type { HeartbeatSocketEvent } from '../../../src/core/log-event';
import { type OptionsInput, resolveOptions } from '../../../src/core/options';
import { flattenOptions } from '../../../src/core/read-options';
import { createMemoryPorts } from '../../../src/testing/memory-ports';
import { createMemorySocket, type MemorySocket } from '../../../src/testing/memory-socket';

export interface Given extends OptionsInput {
  url?: unknown;
  protocols?: unknown;
  beforeConnect?: unknown;
  handshake?: unknown;
  listener?: Omit<ConnectionListener, 'onEvent' | 'onError'>;
  /** What the constructor does beside making a socket. */
  construct?(url: string, protocols: string[]): void;
  /** What is done to a socket before it is handed out. */
  prepare?(socket: MemorySocket): void;
}

export interface Attacked {
  readonly connection: Connection;
  readonly socket: MemorySocket | undefined;
  /** All that the library has made. */
  made(): string;
}

/** An error without the lines of its stack, which are names of files. */
const look = (value: unknown): string =>
  inspect(value, { depth: Infinity, showHidden: true }).replaceAll(/\n\s+at .*/g, '');

export const describeError = (error: HeartbeatSocketError): string =>
  [
    error,
    error.message,
    error.stack?.replaceAll(/\n\s+at .*/g, ''),
    JSON.stringify(error),
    JSON.stringify(error.cause),
    look(error),
  ].join('\n');

/** The data of messages is in events on purpose, and so is the reason of a close, which is what one side has told the other one. */
const ON_PURPOSE = ['data', 'reason'];

/** Events as a log keeps them. Their errors are described once, with those of the other ways out. */
const describeEvent = (event: HeartbeatSocketEvent): string =>
  JSON.stringify(event, (key, value) => (ON_PURPOSE.includes(key) ? undefined : value));

/** A page whose sub-protocols are checked as a browser checks them, and whose sentence quotes the one that is wrong. */
function check(protocols: string[]): void {
  for (const one of protocols) {
    if (/^[!#$%&'*+.^_`|~\w-]+$/.test(one)) continue;
    throw new DOMException(`The subprotocol '${one}' is invalid.`, 'SyntaxError');
  }
}

const read = (source: unknown): unknown => (typeof source === 'function' ? source() : source);

/** A connection of the real transport, on a socket in memory. It is opened, and nobody has accepted it yet. */
export function attack(given: Given): Attacked {
  const { url, protocols, beforeConnect, handshake, listener, construct, prepare, ...options } = given;
  const ports = createMemoryPorts();
  const errors = new Set<HeartbeatSocketError>();
  const lines: string[] = [];
  let socket: MemorySocket | undefined;
  const note = (value: unknown): void => {
    if (value instanceof HeartbeatSocketError) errors.add(value);
  };
  class Socket {
    constructor(to: string, list: string[]) {
      check(list);
      construct?.(to, list);
      socket = createMemorySocket(`${to}`, list, ports.clock.now);
      prepare?.(socket);
      // biome-ignore lint/correctness/noConstructorReturn: the socket in memory is no class
      return socket;
    }
  }
  const connection = createConnection(
    { ...ports, transport: createWebSocketTransport(undefined, Socket as unknown as WebSocketConstructor) },
    {
      ...resolveOptions(flattenOptions(options), read),
      url: () => url ?? 'wss://host/live',
      protocols: () => (protocols ?? []) as string[],
      beforeConnect: beforeConnect as never,
      handshake: handshake as never,
      binaryType: undefined,
      viewChanged: () => {},
      received: () => {},
      // What the app's own callback threw is handed on as it is.
      unhandled: note,
      within: (run) => run(),
      isHeld: false,
    },
  );
  connection.listeners.add({
    ...listener,
    onEvent(event) {
      lines.push(describeEvent(event));
      if (event.type === 'erred') note(event.error);
    },
    onError(_, event) {
      const { error, message } = event as ErrorEvent;
      lines.push(String(message), JSON.stringify({ ...(event as object), error: undefined }));
      note(error);
    },
  });
  connection.open();
  return {
    connection,
    get socket() {
      return socket;
    },
    made() {
      note(connection.view().error);
      return [...lines, ...[...errors].map(describeError)].join('\n');
    },
  };
}
