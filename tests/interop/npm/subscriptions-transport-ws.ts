/** subscriptions-transport-ws, which graphql-ws took the place of: the server sends `{"type":"ka"}`, and wants no answer. */
import { SubscriptionServer } from 'subscriptions-transport-ws';
import { startBehindProxy, startHttp } from '../support/in-process';
import { FIGURES, type RealServer } from '../support/real-server';
import { echoOf, graphql, schema } from './graphql-ws';

const LIMIT = 2_000;

const start = () =>
  startHttp((server) => {
    const subscriptions = SubscriptionServer.create(
      { schema, execute: graphql.execute as never, keepAlive: LIMIT },
      { server },
    );
    return () => subscriptions.close();
  });

export const subscriptionsTransportWs: RealServer = {
  name: 'subscriptions-transport-ws',
  limit: LIMIT,
  start: () => startBehindProxy(start),
  options: () => ({
    protocols: 'graphql-ws',
    heartbeat: {
      beats: 'server',
      interval: LIMIT,
      pongTimeout: FIGURES.pongTimeout,
      control: (data) => (data === '{"type":"ka"}' ? {} : undefined),
    },
    handshake: async ({ send, receive }) => {
      send('{"type":"connection_init","payload":{}}');
      if (JSON.parse(String(await receive())).type !== 'connection_ack')
        throw new Error('the server does not take part');
    },
  }),
  says: (text) => JSON.stringify({ id: text, type: 'start', payload: echoOf(text) }),
};
