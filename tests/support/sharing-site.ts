/** Serves the page of a tab that shares its connection. */
import { createServer } from 'node:http';
import { listen } from './server/listen.ts';

export interface SharingSite {
  readonly address: string;
  end(): Promise<void>;
}

const PAGE =
  '<!doctype html><div id="app"></div><script type="module" src="/app.js"></script><a href="/elsewhere">leave</a>';

/** `script`: `sharing-app.ts`, built. */
export async function startSharingSite(script: string): Promise<SharingSite> {
  const files: Record<string, [type: string, body: string]> = {
    '/': ['text/html', PAGE],
    '/app.js': ['text/javascript; charset=utf-8', script],
    '/elsewhere': ['text/html', '<!doctype html>elsewhere'],
  };
  const http = createServer(({ url = '' }, response) => {
    const [type, body] = files[url.replace(/\?.*/, '')] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  const port = await listen(http);
  return {
    address: `http://127.0.0.1:${port}/`,
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
