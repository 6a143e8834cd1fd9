import { toText } from './url-text.js';

/**
 * The beginning of a url that is known to be harmless: the scheme, the host with its port, and the path's first segment if it is a plain
 * word. A quoted url has a mark before it.
 */
const BEGINNING =
  /^[\s"'(<]*(?:[a-z]{2,9}:\/\/(?:(?:[\w.-]+|\[[\w:.]+])(?::\d+)?(?![^/?#]))?)?\/?(?:[a-z][a-z._-]{0,15}\d?\d?(?:\/|(?![^?#])))?/;

/** A value of a query, with its name. A token in base64 ends with `=`, and what follows is no value. */
const VALUE = /([?&])([a-z][\w-]{0,23}=(?=[\w%]))?[^&#]*/gi;

/**
 * Makes a url that can be printed. Tokens travel in every part of a url, so only what is known to be harmless is shown: the scheme, the host,
 * the path's first segment if it is a plain word, and the names of the query's values. `***` stands for the rest. Of a url that may hold a
 * password nothing else is shown: a password that has one of /?#\ in it looks like a host, a path or a query.
 */
export function maskUrl(url: unknown): string {
  const text = toText(url);
  if (/[@\\]/.test(text)) return '***';
  // It finds at least the empty text.
  const [shown] = BEGINNING.exec(text) as RegExpExecArray;
  const rest = text
    .slice(shown.length)
    .replace(/#.*/s, '#***')
    .replace(/^[^?#]+/, '***');
  return shown + rest.replace(VALUE, '$1$2***');
}

/** What a word of a sentence has no use for, and a url or a token has. */
const MARK = /[/\\#=@%&+]|[?:;]\S|[a-z]\d|\d[a-z]|\w{24}|\d{6}/i;

/** The most characters that are shown of a text of others: a server may answer with megabytes. */
const LONGEST = 120;

/**
 * Makes of a text of others one that can be printed. Of each word that has the marks of a url or of a token no more is shown than of a url,
 * and of the whole text no more than `LONGEST` characters.
 */
export const withoutSecrets = (text: string): string => {
  // A blank in a password ends the word, and the beginning of the password would then look like a host.
  const isUrl = text.includes('@') ? /^$/ : /:\/\//;
  const shown = text.replace(/\S{6,}/g, (word) => (isUrl.test(word) ? maskUrl(word) : MARK.test(word) ? '***' : word));
  // Cut only now: the beginning of a token may have no mark of one.
  return shown.slice(0, LONGEST);
};
