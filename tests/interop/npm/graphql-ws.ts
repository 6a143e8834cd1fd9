/** graphql-ws: pings by the WebSocket protocol, which pages do not see, and answers to `{"type":"ping"}`. */
import { createRequire } from 'node:module';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { graphqlTransportWs } from '../../../src/heartbeats';
import { startBehindProxy, startHttp } from '../support/in-process';
import { FIGURES, type RealServer } from '../support/real-server';

// `require` finds the copy of `graphql` that the servers use. Vitest would take another copy.
export const graphql = createRequire(import.meta.url)('graphql') as typeof import('graphql');

const { GraphQLObjectType, GraphQLSchema, GraphQLString } = graphql;

/** ms between two pings of the WebSocket protocol. */
const LIMIT = 2_000;

const echo = {
  type: GraphQLString,
  args: { text: { type: GraphQLString } },
  resolve: (_: unknown, args: unknown) => Object(args).text,
};

export const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { echo } }) });

/** The payload of a request that gives `text` back. */
export const echoOf = (text: string): object => ({ query: `{ echo(text: "${text}") }` });

const start = () =>
  startHttp((server) => {
    const sockets = new WebSocketServer({ server, handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL });
    const { dispose } = useServer(
      { schema, onConnect: (context) => context.connectionParams?.['token'] === 'secret' },
      sockets,
      LIMIT,
    );
    return dispose;
  });

export const graphqlWs: RealServer = {
  name: 'graphql-ws',
  limit: LIMIT,
  start: () => startBehindProxy(start),
  options: () => graphqlTransportWs({ payload: { token: 'secret' }, ...FIGURES }),
  refused: { options: () => graphqlTransportWs({ payload: { token: 'wrong' } }), error: /4403/ },
  says: (text) => JSON.stringify({ id: text, type: 'subscribe', payload: echoOf(text) }),
};
