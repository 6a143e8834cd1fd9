/** A server with a rate limit: who says more than so many things within a second is closed with 1008. */
import { type AppServer, numberedSockets, startAppServer } from './app-server.ts';

const MOST = 40;

/** The log has what each client said. `open`: the server takes connections from now on, which it closes at once before. */
export function startStrictApp(): Promise<AppServer> {
  const log: string[] = [];
  let isOpen = false;
  const sockets = numberedSockets((ws, number) => {
    if (!isOpen) return ws.close(1013, 'later');
    const heard: number[] = [];
    ws.on('message', (data) => {
      const now = performance.now();
      heard.push(now);
      if (heard.filter((at) => now - at < 1_000).length > MOST) ws.close(1008, 'too fast');
      else log.push(String(data));
    });
    ws.on('close', (code) => log.push(`${number} closed with ${code}`));
  });
  const open = (): void => {
    isOpen = true;
  };
  return startAppServer({ log, tell: { open }, sockets });
}
