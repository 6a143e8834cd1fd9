/** A page with news from a real graphql-ws server: by hand over VueUse's `useWebSocket`, and with `graphqlTransportWs()`. */
import { EventEmitter, once } from 'node:events';
import {
  execute,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  subscribe,
  validate,
} from 'graphql';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { afterEach, beforeEach, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import After from './graphql-news/after.vue';
import Before from './graphql-news/before.vue';
import type { News } from './graphql-news/news';
import { bothShow, closePages, openPages, type Pages, SHORT, surviveCut } from './support/pages';
import { Site } from './support/site';

/** After this one the server completes the subscription. */
const LAST = 'the last';

const log: News[] = [];
/** These news the server refuses. */
const SECRET = 'the secret';
const posted = new EventEmitter();

function post(...texts: string[]): void {
  for (const text of texts) log.push({ id: log.length + 1, text });
  posted.emit('news');
}

/** What came after this one, and what comes from now on. */
async function* newsAfter(id: number): AsyncGenerator<{ news: News }> {
  for (let at = id; ; at += 1) {
    while (at >= log.length) await once(posted, 'news');
    if (log[at]?.text === LAST) return;
    yield { news: log[at] as News };
  }
}

const item = new GraphQLObjectType({
  name: 'News',
  fields: { id: { type: GraphQLInt }, text: { type: GraphQLString } },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      news: {
        type: item,
        args: { after: { type: new GraphQLNonNull(GraphQLInt) } },
        subscribe(_, { after }) {
          if (log[after]?.text === SECRET) throw new Error('not for you');
          return newsAfter(after);
        },
      },
    },
  }),
});

/** Which the server takes. */
let token: string;
let site: Site;
let pages: Pages;

beforeEach(async () => {
  log.length = 0;
  token = 'secret';
  vi.stubGlobal('WebSocket', WebSocket);
  site = new Site(GRAPHQL_TRANSPORT_WS_PROTOCOL);
  // The functions are handed over, since the bundler and Node resolve `graphql` to two copies.
  const graphql = { schema, execute, subscribe, validate };
  useServer({ ...graphql, onConnect: ({ connectionParams }) => connectionParams?.['token'] === token }, site.sockets);
  await site.start();
  post('first', 'second');
});

async function open(figures: Partial<typeof SHORT> = {}): Promise<void> {
  pages = await openPages(site, { before: Before, after: After }, { token, ...figures });
  await bothShow(pages, 'li', ['first', 'second']);
}

afterEach(async () => {
  await closePages(pages);
  posted.emit('news');
  await site.stop();
  vi.unstubAllGlobals();
});

test('a silent cut costs the page no news, and none comes twice', async () => {
  await open(SHORT);
  post('third');
  await bothShow(pages, 'li', ['first', 'second', 'third']);
  await surviveCut(pages, 'li', {
    news: () => post('fourth', 'fifth'),
    old: ['first', 'second', 'third'],
    texts: ['first', 'second', 'third', 'fourth', 'fifth'],
  });
});

test('a page whose token has run out comes back with another one, and gets what it missed', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  await open();
  token = 'a new secret';
  for (const { wrapper } of pages.both) await wrapper.setProps({ token });
  for (const ws of site.sockets.clients) ws.close(CloseCode.Forbidden, 'token expired');
  post('third');
  await bothShow(pages, 'li', ['first', 'second', 'third']);
});

test('a subscription that the server has completed is over', async () => {
  await open();
  post(LAST);
  await bothShow(pages, 'p', ['No more news.']);
});

test('what the server says of a subscription that it refuses is shown', async () => {
  log[0] = { id: 1, text: SECRET };
  pages = await openPages(site, { before: Before, after: After }, { token });
  await bothShow(pages, 'p', ['not for you']);
});
