/** The site with the page, for tests that drive a browser from outside. */
import { createServer } from 'node:http';
import { bundle } from '../live-page.ts';
import { listen } from '../server/listen.ts';

export interface EngineSite {
  /** A page that connects when the test asks, or at once to the url in its query value `server`. */
  readonly page: string;
  /** The same page under a content security policy that blocks every other host and port. */
  readonly strictPage: string;
  end(): Promise<void>;
}

const PAGE = `<!doctype html><link rel="icon" href="data:,"><div id="app"></div><script type="module" src="/app.js"></script>
<a id="download" href="/report.csv">download</a> <a id="leave" href="/elsewhere">leave</a>`;

type File = { readonly type: string; readonly body: string; readonly headers?: Record<string, string> };

export async function startEngineSite(): Promise<EngineSite> {
  const files: Record<string, File> = {
    '/': { type: 'text/html', body: PAGE },
    '/strict': { type: 'text/html', body: PAGE, headers: { 'content-security-policy': "connect-src 'self'" } },
    '/app.js': { type: 'text/javascript', body: await bundle('engines/app.ts') },
    '/elsewhere': { type: 'text/html', body: '<!doctype html>elsewhere' },
    '/report.csv': { type: 'text/csv', body: 'a,b', headers: { 'content-disposition': 'attachment' } },
  };
  const http = createServer(({ url = '' }, response) => {
    const { type, body, headers } = files[url.replace(/\?.*/, '')] ?? { type: 'text/plain', body: '' };
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  });
  const port = await listen(http);
  const address = `http://127.0.0.1:${port}/`;
  return {
    page: address,
    strictPage: `${address}strict`,
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
