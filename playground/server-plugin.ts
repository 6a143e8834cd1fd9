import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { createChatServer, isChatRequest } from './chat-server.ts';

/** Runs the chat server inside Vite, so that one command starts page and server. */
export function chatServer(): Plugin {
  return { name: 'chat-server', configureServer: mount, configurePreviewServer: mount };
}

function mount(vite: ViteDevServer | PreviewServer): void {
  const { httpServer } = vite;
  // None in middleware mode: then somebody else has it.
  if (!httpServer) return;
  const chat = createChatServer();
  httpServer.on('upgrade', (request, socket, head) => {
    // Vite's own upgrade, for hot reload, is another listener's.
    if (isChatRequest(request)) chat.handleUpgrade(request, socket, head);
  });

  // Vite destroys all sockets before its http server says `close`; what 1012 is for has to be said before. (A restart of
  // Vite for a new config passes this by: pages then see 1006, and come back as well.)
  const close = vite.close.bind(vite);
  vite.close = async () => {
    process.off('SIGINT', interrupted);
    await chat.close();
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
    void chat.close();
  });
}
