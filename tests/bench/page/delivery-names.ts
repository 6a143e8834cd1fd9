/** The clients of the delivery run: read by the page, and by what writes the tables. */
export interface Client {
  /** As the table names it. */
  readonly name: string;
  /** The contestant that it is. */
  readonly contestant: string;
  /** How it is used. */
  readonly manner: string;
}

const OURS = 'vue-heartbeat-socket';

export const WITH_PROOF = `${OURS} with proof`;
export const WITHOUT_PROOF = `${OURS} without`;
export const USE_WEB_SOCKET = 'useWebSocket';
export const SOCKET_IO = 'socket.io-client';

export const CLIENTS: readonly Client[] = [
  { name: WITH_PROOF, contestant: OURS, manner: '`atLeastOnce` and `cursor`' },
  { name: WITHOUT_PROOF, contestant: OURS, manner: 'neither' },
  { name: USE_WEB_SOCKET, contestant: USE_WEB_SOCKET, manner: '`heartbeat` and `autoReconnect`' },
  { name: SOCKET_IO, contestant: SOCKET_IO, manner: '`retries`, and `connectionStateRecovery` in its server' },
];

export const OURS_CLIENTS: readonly string[] = [WITH_PROOF, WITHOUT_PROOF];
