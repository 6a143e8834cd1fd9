/** Serves the page: built once, in development mode, so that Vue and the library warn. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { listen } from '../support/server/listen.ts';

export interface PageServer {
  /** Each client has a site of its own, and so a process of its own: its heap is nobody else's. */
  urlFor(client: number): string;
  close(): void;
}

export async function servePage(): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  });
  const script = outputFiles[0]?.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript
        ? script
        : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    );
  });
  const port = await listen(server);
  return {
    urlFor: (client) => `http://client-${client}.localhost:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
