import { HeartbeatSocketError } from '../core/errors.js';
import { maskUrl } from '../core/mask-url.js';
import type { SocketLike, Transport } from '../core/ports.js';
import { createAborter, makeEvent } from './dom-objects.js';

/** A constructor that makes sockets as `new WebSocket(url, protocols)` does: the browser's, that of the package `ws`, that of a mock. */
// biome-ignore-start lint/suspicious/noExplicitAny: each types its arguments in its own way
export type WebSocketConstructor = new (
  url: any,
  protocols?: any,
) => { readonly readyState: number; send(data: any): void; close(code?: number, reason?: string): void };
// biome-ignore-end lint/suspicious/noExplicitAny: the rest has no any

/**
 * Makes a url that a WebSocket takes: ws(s) urls stay as they are, http(s) urls become ws(s) ones, and others are resolved against the
 * url of the page or of the worker, if that is an http(s) one. Throws with the rule that the url breaks.
 */
function resolveUrl(given: string | URL, page: Window | undefined): string | URL {
  const { URL } = globalThis;
  const base = page?.document?.baseURI ?? globalThis.location?.href;
  const canResolve = URL && /^http/.test(base);
  // A relative url that cannot be resolved gets a scheme that no WebSocket takes.
  const href = URL ? new URL(given, canResolve ? base : 'none:/').href : `${given}`;
  if (!/^(ws|http)s?:/.test(href)) {
    throw new Error(
      `must be ${canResolve ? 'ws:, wss:, http:, https: or relative' : 'an absolute ws: or wss: url here'}`,
    );
  }
  if (href.includes('#')) throw new Error('must have no #fragment');
  return /^ws/.test(href) ? given : href.replace('http', 'ws');
}

/** Makes sockets with the given constructor, or with that of `page`. */
export const createWebSocketTransport = (page?: Window, Constructor?: WebSocketConstructor): Transport => ({
  connect(given, protocols) {
    const Socket = Constructor ?? (page as Partial<typeof globalThis> | undefined)?.WebSocket;
    // A HeartbeatSocketError ends in the phase failed: another attempt would fail in the same way.
    if (!Socket) throw new HeartbeatSocketError('constructor', 'there is no WebSocket here');
    let url: string | URL | undefined;
    try {
      url = resolveUrl(given as string | URL, page);
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
  closeEvent: ({ code, reason, wasClean }) => makeEvent('CloseEvent', { type: 'close', code, reason, wasClean }),
  errorEvent: (error) => makeEvent('ErrorEvent', { type: 'error', error, message: `${error}` }),
  abortController: createAborter,
});
