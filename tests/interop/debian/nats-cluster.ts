/** Three NATS servers that are one cluster, and pages of an app that uses it. */
import { createApp, effectScope } from 'vue';
import { createHeartbeatSocket, type HeartbeatSocketEvent, type ProvenDelivery } from 'vue-heartbeat-socket';
import type { NatsOptions } from 'vue-heartbeat-socket/heartbeats';
import { freePorts, type RunningProgram, startProgram } from '../support/program';
import { FIGURES } from '../support/real-server';
import { useGrowingNats } from './nats-recipe/useGrowingNats';
import { type NatsMessage, useNats } from './nats-recipe/useNats';
import { programs } from './programs';

/** Who may connect. */
export interface Access {
  /** The part of the configuration of each node. */
  readonly config: string;
  /** What a page shows. Called for each attempt. */
  readonly shows: { readonly token: () => Promise<string> } | { readonly jwt: () => Promise<string> };
}

const byToken: Access = {
  config: 'authorization { token: "secret" }',
  shows: { token: async () => 'secret' },
};

/** The nodes know each other's ports before any of them runs. */
interface Ports {
  readonly client: number;
  readonly webSocket: number;
  readonly route: number;
}

const config = (
  name: string,
  { client, webSocket, route }: Ports,
  routes: readonly number[],
  access: string,
): string => `
server_name: ${name}
host: 127.0.0.1
port: ${client}
${access}
websocket { host: 127.0.0.1, port: ${webSocket}, no_tls: true }
cluster {
  name: C
  host: 127.0.0.1
  port: ${route}
  routes: [${routes.map((port) => `nats://127.0.0.1:${port}`).join(', ')}]
}
lame_duck_grace_period: "1s"
`;

const NODES = 3;

export interface Page {
  /** What it has heard of each subject. */
  heard(subject: string): unknown[];
  publish(subject: string, value: unknown): boolean;
  /** Which node its connection is on. Undefined: it has none. */
  node(): number | undefined;
  /** The codes and reasons with which its connections have ended, one text for each. */
  ends(): string[];
}

interface AboutPage {
  /** The only node that it knows. Default: it knows all. */
  readonly only?: number;
  /** It learns of other nodes from each. */
  readonly isCurious?: boolean;
  readonly delivery?: ProvenDelivery;
}

export interface Cluster {
  readonly nodes: readonly RunningProgram[];
  /** A page that hears all of `chat`. It begins on any node that it knows. */
  page(about?: AboutPage): Page;
  end(): Promise<void>;
}

/** An app with the composable, as in Node: without a window. */
function startPage(
  nodes: readonly RunningProgram[],
  options: NatsOptions,
  { only, isCurious = false, delivery }: AboutPage = {},
): Page & { end(): void } {
  const [first = '', ...others] = nodes.filter((_, at) => only === undefined || at === only).map(({ url }) => url);
  const messages: NatsMessage[] = [];
  const events: HeartbeatSocketEvent[] = [];
  const app = createApp({});
  app.use(
    createHeartbeatSocket({
      WebSocket: globalThis.WebSocket,
      delivery,
      onEvent: (event) => void events.push(event),
      // A node that is away refuses connections.
      onError() {},
    }),
  );
  const scope = effectScope(true);
  const { publish, phase, ws } = app.runWithContext(() =>
    scope.run(() => {
      const connection = (isCurious ? useGrowingNats : useNats)([first, ...others], { ...options, ...FIGURES });
      connection.subscribe('chat.*', (message) => void messages.push(message));
      return connection;
    }),
  ) as ReturnType<typeof useNats>;
  return {
    heard: (subject) => messages.filter((message) => message.subject === subject).map(({ value }) => value),
    publish,
    node: () => (phase.value === 'open' ? nodes.findIndex(({ url }) => url === ws.value?.url) : undefined),
    ends: () =>
      events.flatMap((event) => (event.type === 'ended' && event.wasOpen ? [`${event.code} ${event.reason}`] : [])),
    end: () => scope.stop(),
  };
}

export async function startCluster(access = byToken): Promise<Cluster> {
  const free = await freePorts(3 * NODES);
  const ports = Array.from({ length: NODES }, (_, at) => {
    const [client = 0, webSocket = 0, route = 0] = free.slice(3 * at);
    return { client, webSocket, route };
  });
  const routes = ports.map(({ route }) => route);
  const started = await Promise.allSettled(
    ports.map((own, at) =>
      startProgram({
        path: programs.nats,
        port: own.webSocket,
        files: () => ({ 'nats.conf': config(`n${at}`, own, routes, access.config) }),
        args: (folder) => ['-c', `${folder}/nats.conf`],
      }),
    ),
  );
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const endAll = (): Promise<unknown> => Promise.all(nodes.map((node) => node.end()));
  for (const one of started) if (one.status === 'rejected') await endAll().then(() => Promise.reject(one.reason));
  const pages: ReturnType<typeof startPage>[] = [];
  return {
    nodes,
    page(about) {
      const page = startPage(nodes, access.shows, about);
      pages.push(page);
      return page;
    },
    async end() {
      for (const page of pages) page.end();
      await endAll();
    },
  };
}
