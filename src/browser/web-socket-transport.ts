import { HeartbeatSocketError } from '../core/errors.js';
import { maskUrl } from '../core/mask-url.js';
import type { SocketLike, Transport } from '../core/ports.js';

/** A constructor that makes sockets as `new WebSocket(url, protocols)` does: the browser's, that of the package `ws`, that of a mock. */
// biome-ignore-start lint/suspicious/noExplicitAny: each types its arguments in its own way
export type WebSocketConstructor = new (
  url: any,
  protocols?: any,
) => { readonly readyState: number; send(data: any): void; close(code?: number, reason?: string): void };
// biome-ignore-end lint/suspicious/noExplicitAny: the rest has no any

/**
 * Makes a url that a WebSocket takes: ws(s) urls stay as they are, others are resolved against the page. Throws with the rule that the
 * url breaks.
 */
function resolveUrl(given: string | URL, page: Window | undefined): string | URL {
  const url = new URL(given, page?.document?.baseURI);
  const { protocol } = url;
  if (!/^(ws|http)s?:$/.test(protocol)) throw new Error('must be ws:, wss:, http:, https: or relative');
  if (url.href.includes('#')) throw new Error('must have no #fragment');
  url.protocol = protocol.replace('http', 'ws');
  return url.protocol === protocol ? given : url.href;
}

/** Makes sockets with the given constructor, or with that of `page`. */
export const createWebSocketTransport = (page?: Window, Constructor?: WebSocketConstructor): Transport => ({
  connect(given, protocols) {
    let url: string | URL | undefined;
    try {
      url = resolveUrl(given as string | URL, page);
      const Socket = Constructor ?? (page as unknown as typeof globalThis).WebSocket;
      return new Socket(url, [protocols].flat()) as unknown as SocketLike;
    } catch (thrown) {
      const { name, message = '' } = thrown as Error;
      // The sentence of the browser quotes the url, so it is masked, and what was thrown is not given on as the cause.
      const shown = maskUrl(given);
      const rule = message.replaceAll(`${url || given}`, shown);
      // These are thrown at each attempt: a bad url, bad protocols, a connection that the browser forbids.
      if (url && name !== 'SyntaxError' && name !== 'SecurityError') throw rule === message ? thrown : new Error(rule);
      throw new HeartbeatSocketError('url', `${rule}, received "${shown}"`);
    }
  },
  closeEvent: (info) => new CloseEvent('close', info),
  errorEvent: (error) => new ErrorEvent('error', { error, message: `${error}` }),
  abortController: () => new AbortController(),
});
