/** A page whose speculation rules make Chromium prerender the next page, on which an app has a connection. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { bundle } from './live-page.ts';
import { listen } from './server/listen.ts';

export interface PrerenderSite {
  readonly url: string;
  /** What the app told. */
  readonly told: string[];
  /** How often `beforeConnect` asked for a token. */
  tokens(): number;
  /** For each time that the next page was loaded: what Chromium said that it was for. */
  readonly loads: (string | undefined)[];
  /** How many connections were accepted. */
  sockets(): number;
  /** Makes the first page go to the next page. */
  go(): void;
  end(): Promise<void>;
}

const FIRST = `<!doctype html>
<script type="speculationrules">{"prerender":[{"source":"list","urls":["/next"],"eagerness":"immediate"}]}</script>
<script>fetch('/go').then(() => { location.href = '/next' })</script>`;
const NEXT = '<!doctype html><div id="app"></div><script type="module" src="/app.js"></script>';

export async function startPrerenderSite(): Promise<PrerenderSite> {
  const script = await bundle('prerendered-app.ts');
  const told: string[] = [];
  const loads: (string | undefined)[] = [];
  let tokens = 0;
  let sockets = 0;
  let go = (): void => {
    throw new Error('the first page has not been loaded');
  };
  const http = createServer(({ url = '', headers }, response) => {
    const [path, query = ''] = url.split('?');
    const answer = (type: string, body: string) => response.writeHead(200, { 'content-type': type }).end(body);
    if (path === '/') answer('text/html', FIRST);
    else if (path === '/app.js') answer('text/javascript', script);
    else if (path === '/go') go = () => void answer('text/plain', '');
    else if (path === '/next') {
      loads.push(headers['sec-purpose'] as string | undefined);
      answer('text/html', NEXT);
    } else {
      if (path === '/tell') told.push(decodeURIComponent(query));
      if (path === '/token') tokens += 1;
      answer('text/plain', '');
    }
  });
  new WebSocketServer({ server: http }).on('connection', (ws) => {
    sockets += 1;
    ws.on('message', (data) => ws.send(String(data)));
  });
  const port = await listen(http);
  return {
    url: `http://127.0.0.1:${port}/`,
    told,
    tokens: () => tokens,
    loads,
    sockets: () => sockets,
    go: () => go(),
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
