/** The library with servers that npm has. */
import { tryServers } from '../support/sentences';
import { aedes } from './aedes';
import { engineIoServer } from './engine-io';
import { graphqlWs } from './graphql-ws';
import { socketIo3, socketIo4 } from './socket-io';
import { sockJsNode } from './sockjs';
import { subscriptionsTransportWs } from './subscriptions-transport-ws';
import { trpcServer } from './trpc';

tryServers([graphqlWs, subscriptionsTransportWs, engineIoServer, socketIo4, socketIo3, aedes, trpcServer, sockJsNode]);
