/** Who is compared, and at which version. */
import { readFileSync } from 'node:fs';

export interface Contestant {
  /** As tables and charts name it. */
  readonly name: string;
  /** Undefined: what the browser has. */
  readonly package: string | undefined;
  /** The import that a user makes; the entry is the package, unless said otherwise. */
  readonly entry?: string;
  readonly imports?: string;
}

const root = new URL('../../', import.meta.url);

export const OURS = 'vue-heartbeat-socket';
export const FLOOR = 'bare WebSocket';

export const CONTESTANTS: readonly Contestant[] = [
  { name: OURS, package: undefined, imports: '{ useHeartbeatSocket }' },
  { name: 'useWebSocket', package: '@vueuse/core', imports: '{ useWebSocket }' },
  { name: 'partysocket', package: 'partysocket', entry: 'partysocket/ws', imports: '{ default }' },
  { name: 'reconnecting-websocket', package: 'reconnecting-websocket', imports: '{ default }' },
  { name: 'websocket-heartbeat-js', package: 'websocket-heartbeat-js', imports: '{ default }' },
  { name: '@nktkas/rews', package: '@nktkas/rews', imports: '{ ReconnectingWebSocket }' },
  { name: 'socket.io-client', package: 'socket.io-client', imports: '{ io }' },
  { name: FLOOR, package: undefined },
];

/** Socket.IO has a protocol of its own, and so another server, other frames: it is left out where those would be the work. */
export const PLAIN = CONTESTANTS.map(({ name }) => name).filter((name) => name !== 'socket.io-client');

const versionIn = (folder: string): string =>
  JSON.parse(readFileSync(new URL(`${folder}package.json`, root), 'utf8')).version;

export const packageVersion = (name: string): string => versionIn(`node_modules/${name}/`);

/** Of everything that a figure depends on. */
export function versions(): Record<string, string> {
  const packages = CONTESTANTS.map((contestant) => contestant.package).filter((name) => name !== undefined);
  const named = [...packages, 'vue', 'ws'].map((name) => [name, packageVersion(name)] as const);
  return { [OURS]: versionIn(''), ...Object.fromEntries(named), node: process.versions.node };
}
