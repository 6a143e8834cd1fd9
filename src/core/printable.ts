/** Makes of what others have thrown what may be printed: neither its text nor its fields may hold a secret or a live object. */
import { kindOf } from './kind-of.js';
import { withoutSecrets } from './mask-url.js';

/** A value that is no object. A symbol has a text, too. */
const plain = (value: unknown): unknown => (/^s/.test(typeof value) ? withoutSecrets(String(value)) : value);

const isPlain = (value: unknown): boolean => Object(value) !== value;

/**
 * The text and the data of a thrown value. `words` stand in place of the text of an error that somebody else than the app has worded, and
 * end with a blank. A SyntaxError quotes what could not be read, so only its name is told. Of other objects only those that somebody has
 * made up have fields. A value that cannot be looked at is named by its type.
 */
export function printable(thrown: unknown, words = ''): readonly [text: string, data?: unknown] {
  try {
    const { name, message } = Object(thrown);
    const kind = kindOf(thrown);
    if (isPlain(thrown)) return [words + String(plain(thrown)), plain(thrown)];
    const isError = kind !== 'Object' && typeof message === 'string';
    const known = !isError ? kind : /^[a-z]+(Error|Exception)$/i.test(name) ? name : 'Error';
    const isTold = typeof message === 'string' && !words && known !== 'SyntaxError';
    const text = words + (isTold ? withoutSecrets(message) : known);
    const own = Object.entries(kind === 'Object' ? (thrown as object) : {}).filter(([, value]) => isPlain(value));
    const fields = isError ? [['message', text]] : own.map(([key, value]) => [withoutSecrets(key), plain(value)]);
    return [text, { name: known, ...Object.fromEntries(fields) }];
  } catch {
    return [words + typeof thrown];
  }
}
