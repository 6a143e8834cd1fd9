/** A Chromium, and the page in which clients meet hostile servers. */
import { createServer } from 'node:http';
import { launchUnwatchedChromium, type UnwatchedChromium } from '../../bench/unwatched-chromium.ts';
import { bundle } from '../live-page.ts';
import { listen } from '../server/listen.ts';

export interface HostileSite {
  readonly chromium: UnwatchedChromium;
  /** The address of the page. */
  readonly page: string;
  end(): Promise<void>;
}

export async function startHostileSite(): Promise<HostileSite> {
  const [script, chromium] = await Promise.all([bundle('hostile/page-app.ts'), launchUnwatchedChromium()]);
  const http = createServer(({ url }, response) => {
    const isScript = url === '/app.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><script type="module" src="/app.js"></script>');
  });
  const page = `http://127.0.0.1:${await listen(http)}/`;
  return {
    chromium,
    page,
    async end() {
      await chromium.end();
      http.closeAllConnections();
      http.close();
    },
  };
}
