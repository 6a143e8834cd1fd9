/** A server that gives tokens at `/token`, and closes the connection of a client whose token has run out with 4401. */
import type { RequestListener } from 'node:http';
import { type AppServer, numberedSockets, startAppServer } from './app-server.ts';

/** `expire`: no token that was given so far is good any more. `logOut`: the endpoint of the tokens says 401. */
export function startTokenApp(): Promise<AppServer> {
  const log: string[] = [];
  let last = 0;
  let firstGood = 1;
  let isLoggedIn = true;
  const sockets = numberedSockets((ws, _, { url = '' }) => {
    const token = Number(new URLSearchParams(url.split('?')[1]).get('token'));
    const isGood = token >= firstGood;
    log.push(`${isGood ? 'took' : 'refused'} token ${token}`);
    if (!isGood) ws.close(4401, 'the token has run out');
    ws.on('message', (data) => ws.send(String(data)));
  });
  const answer: RequestListener = (_, response) => {
    response.setHeader('access-control-allow-origin', '*');
    if (isLoggedIn) last += 1;
    log.push(isLoggedIn ? `gave token ${last}` : 'gave no token');
    response.writeHead(isLoggedIn ? 200 : 401).end(String(last));
  };
  const expire = (): void => {
    firstGood = last + 1;
    for (const ws of sockets.clients) ws.close(4401, 'the token has run out');
  };
  const logOut = (): void => {
    isLoggedIn = false;
    expire();
  };
  return startAppServer({ log, tell: { expire, logOut }, sockets, answer });
}
