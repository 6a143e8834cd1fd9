/** What the option `share` takes. */
import type { createConnection, MadeConnection } from './connection.js';
import type { ConnectionOptions } from './connection-types.js';
import type { Ports } from './ports.js';

/** What `tabs()` gives, for the option `share`. It has nothing for an app to call. */
export interface SocketShare {
  readonly connect: unknown;
}

export interface Share extends SocketShare {
  /** Makes a connection that others have as well; `create` makes one that nobody else has. Undefined: here nobody can share. */
  connect(create: typeof createConnection, ports: Ports, options: ConnectionOptions): MadeConnection | undefined;
}
