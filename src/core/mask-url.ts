import { toText } from './url-text.js';

/** Scheme, user, host, path, query and fragment of a url. Without a scheme there is no host. */
const PARTS = /^\s*(?:((?:[a-z][a-z+.-]{0,11}:)?\/\/)([^/?#\\@]*@)?([^/?#\\@]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s;

/** A host, with its port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+])(:\d+)?$/i;

/** What stands at the beginning of a path, and is no token: lower case, and two digits at most. */
const WORD = /^\/?([a-z][a-z_-]{0,15}\d{0,2})?$/;

/** A value of a query that has a name. A token in base64 ends with `=` and has none. */
const VALUE = /^([a-z][\w-]{0,23})=+[^=]/i;

const shownIf = (text: string, pattern: RegExp): string => (pattern.test(text) ? text : '***');

/**
 * Makes a url that can be printed. Tokens travel in every part of a url, so only what is known to be harmless is shown: the scheme, the host,
 * the path's first segment if it is a plain word, and the names of the query's values. `***` stands for the rest.
 */
export function maskUrl(url: unknown): string {
  const [, scheme = '', user = '', host = '', path = '', query = '', hash = ''] = PARTS.exec(toText(url)) ?? [];
  // A user's password that has one of /?#\ in it looks like a host, a path or a query.
  if (/[@\\]/.test(path + query + hash)) return `${scheme}***`;
  const [, first = '', rest = ''] = /^(\/?[^/]*)(.*)$/s.exec(path) ?? [];
  const names = query
    .slice(1)
    .split(/[&;]/)
    .map((value) => (VALUE.test(value) ? value.replace(/=.*/s, '=***') : '***'));
  return [
    scheme,
    user && '***@',
    host && shownIf(host, HOST),
    WORD.test(first) ? first : '/***',
    rest.length > 1 ? '/***' : rest,
    query && `?${names.join('&')}`,
    hash && '#***',
  ].join('');
}
