import { HeartbeatSocketError } from '../core/errors.js';
import { unusable } from '../core/kind-of.js';
import { maskUrl } from '../core/mask-url.js';
import { closeInfo, type SocketLike, type Transport } from '../core/ports.js';
import { createAborter, makeEvent } from './dom-objects.js';

/** A constructor that makes sockets as `new WebSocket(url, protocols)` does: the browser's, that of the package `ws`, that of a mock. */
// biome-ignore-start lint/suspicious/noExplicitAny: each types its arguments in its own way
export type WebSocketConstructor = new (
  url: any,
  protocols?: any,
) => { readonly readyState: number; send(data: any): void; close(code?: number, reason?: string): void };
// biome-ignore-end lint/suspicious/noExplicitAny: the rest has no any

/** Why a url can never be used. Production names the rule, development says it. */
const RULES = {
  valid: 'is no valid url',
  scheme: 'must be ws:, wss:, http:, https: or relative',
  absolute: 'must be an absolute ws: or wss: url here',
  fragment: 'must have no #fragment',
  // The browser's own errors. After any other one the next attempt may go well.
  SyntaxError: 'the sub-protocols or the url cannot be used',
  SecurityError: 'the browser forbids this connection',
};

/** A url that can never be used: another attempt would fail in the same way, so the phase is failed. */
const refuse = (rule: keyof typeof RULES, url: unknown): never => {
  const words = process.env.NODE_ENV === 'production' ? rule : RULES[rule];
  throw new HeartbeatSocketError('url', `${words}, received "${maskUrl(url)}"`);
};

/**
 * Makes a url that a WebSocket takes: ws(s) urls stay as they are, http(s) urls become ws(s) ones, and others are resolved against the
 * url of the page or of the worker, if that is an http(s) one. Throws with the rule that the url breaks.
 */
function resolveUrl(given: unknown, page: Window | undefined): string {
  const text: string = typeof given === 'string' ? given : Object(given).href;
  if (typeof text !== 'string') throw new HeartbeatSocketError('url', unusable(given));
  const { URL } = globalThis;
  const base = page?.document?.baseURI ?? globalThis.location?.href;
  const canResolve = URL && /^http/.test(base);
  let href = text;
  try {
    // A relative url that cannot be resolved gets a scheme that no WebSocket takes.
    if (URL) href = new URL(text, canResolve ? base : 'none:/').href;
  } catch {
    // The sentence of the browser quotes the url.
    return refuse('valid', text);
  }
  if (!/^(ws|http)s?:/.test(href)) refuse(canResolve ? 'scheme' : 'absolute', text);
  if (href.includes('#')) refuse('fragment', text);
  return /^ws/.test(href) ? text : href.replace('http', 'ws');
}

/** Makes sockets with the given constructor, or with that of `page`. */
export const createWebSocketTransport = (page?: Window, Constructor?: WebSocketConstructor): Transport => ({
  connect(given, protocols) {
    const Socket = Constructor ?? (page as Partial<typeof globalThis> | undefined)?.WebSocket;
    if (!Socket) throw new HeartbeatSocketError('constructor', 'there is no WebSocket here');
    const url = resolveUrl(given, page);
    const list = [protocols].flat();
    for (const one of list) {
      if (typeof one !== 'string') throw new HeartbeatSocketError('url', `sub-protocols: ${unusable(one)}`);
    }
    try {
      return new Socket(url, list) as unknown as SocketLike;
    } catch (thrown) {
      const { name } = Object(thrown);
      if (name === 'SyntaxError' || name === 'SecurityError') refuse(name, given);
      throw thrown;
    }
  },
  closeEvent: (info) => makeEvent('CloseEvent', { type: 'close', ...closeInfo(info) }),
  errorEvent: (error) => makeEvent('ErrorEvent', { type: 'error', error, message: `${error}` }),
  abortController: createAborter,
});
