import type { CommonServerOptions, Plugin, PreviewServer, ViteDevServer } from 'vite';
import { createPlaygroundServer } from './server/playground-server.ts';

/** Runs the playground's server inside Vite, so that one command starts page and server. */
export function playgroundServer(): Plugin {
  return {
    name: 'playground-server',
    configureServer: (vite) => mount(vite, vite.config.server),
    configurePreviewServer: (vite) => mount(vite, vite.config.preview),
  };
}

/** The host names that Vite accepts are accepted by the playground's server, too. */
async function mount(vite: ViteDevServer | PreviewServer, { allowedHosts }: CommonServerOptions): Promise<void> {
  const { httpServer } = vite;
  // None in middleware mode: then somebody else has it.
  if (!httpServer) return;
  const playground = await createPlaygroundServer({ ...(allowedHosts && { hosts: allowedHosts }) });
  httpServer.on('upgrade', (request, socket, head) => {
    // Vite's own upgrade, for hot reload, is another listener's.
    if (playground.isFor(request)) playground.handleUpgrade(request, socket, head);
  });

  // Vite destroys all sockets before its http server says `close`; what 1012 is for has to be said before. (A restart of
  // Vite for a new config passes this by: pages then see 1006, and come back as well.)
  const close = vite.close.bind(vite);
  vite.close = async () => {
    process.off('SIGINT', interrupted);
    await playground.close();
    await close();
  };
  // Vite hears SIGTERM, and leaves Ctrl+C to Node, which would end without a word to anybody.
  const interrupted = async (): Promise<void> => {
    await vite.close();
    process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', interrupted);
  httpServer.once('close', () => {
    process.off('SIGINT', interrupted);
    void playground.close();
  });
}
