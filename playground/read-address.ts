export interface ServerAddress {
  /** `own`: the page's machine or the user's. `foreign`: another. `nonsense`: none, and `base` is what was given instead. */
  readonly kind: 'own' | 'foreign' | 'nonsense';
  readonly base: string;
}

/** The scheme that a WebSocket takes for another. */
const SCHEMES = ['ws:', 'wss:', 'http:', 'https:'];

export const isLoopback = (name: string): boolean => /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(name);

/**
 * What `?server=` says: a scheme, a host and nothing else. `null`: nothing was said, and the server is where the page is from. A
 * link can name any server, and what the user writes goes there: only the machine that the page is from, and the user's own, need
 * no consent.
 */
export function readAddress(given: string | null, page: { origin: string; hostname: string }): ServerAddress {
  if (given === null) return { kind: 'own', base: page.origin };
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const base = url && `${url.protocol}//${url.host}`;
  // Whatever else the url has would go nowhere: a path, a password.
  if (!url || !base || !SCHEMES.includes(url.protocol) || url.href !== `${base}/`)
    return { kind: 'nonsense', base: given };
  const isOwn = url.hostname === page.hostname || isLoopback(url.hostname);
  return { kind: isOwn ? 'own' : 'foreign', base };
}
