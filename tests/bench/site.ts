/** Serves a page with one script, under as many names as are asked for: each name's pages get a process of their own. */
import { createServer } from 'node:http';
import { listen } from '../support/server/listen.ts';

export interface Site {
  /** Chromium shares a process between the pages of a site, and the slowing down of failed sockets with it. */
  address(host: string): string;
  end(): Promise<void>;
}

export async function startSite(script: string): Promise<Site> {
  const files: Record<string, [type: string, body: string]> = {
    '/': ['text/html', '<!doctype html><meta charset="utf-8"><script src="/page.js"></script>'],
    '/page.js': ['text/javascript; charset=utf-8', script],
  };
  const http = createServer(({ url = '' }, response) => {
    const [type, body] = files[url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  const port = await listen(http);
  return {
    address: (host) => `http://${host.replace(/[^a-z]/gi, '-').toLowerCase()}.localhost:${port}/`,
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
