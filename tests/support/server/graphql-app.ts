/** A server of the package `graphql-ws`: it wants `connection_init` before anything else, and takes its time to acknowledge it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type AppServer, numberedSockets, startAppServer } from './app-server.ts';

/** ms. */
const ACKNOWLEDGED_AFTER = 300;

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString, resolve: () => 'world' } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      countdown: {
        type: GraphQLInt,
        async *subscribe() {
          for (let countdown = 3; countdown > 0; countdown -= 1) {
            yield { countdown };
            await sleep(50);
          }
        },
      },
    },
  }),
});

/** The log has what each client said, without its payload. `drop` ends the connections there are, as a crash does. */
export function startGraphqlApp(): Promise<AppServer> {
  const log: string[] = [];
  const sockets = numberedSockets(
    (ws, number) => {
      ws.on('message', (data) => log.push(`${number} ${JSON.parse(String(data)).type}`));
      ws.on('close', (code) => log.push(`${number} closed with ${code}`));
    },
    { handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL },
  );
  const onConnect = async (): Promise<boolean> => {
    await sleep(ACKNOWLEDGED_AFTER);
    return true;
  };
  useServer({ schema, onConnect }, sockets);
  const drop = (): void => {
    for (const ws of sockets.clients) ws.terminate();
  };
  return startAppServer({ log, tell: { drop }, sockets });
}
