/** Makes of what others have thrown what may be printed: neither its text nor its fields may hold a secret or a live object. */
import { kindOf } from './kind-of.js';
import { maskUrl } from './mask-url.js';

/** A text of others. Each of its words that has the marks of a url or of a token is shown as a url is. */
const withoutSecrets = (text: string): string => text.replace(/\S*([/?#=@;]\S|\w{24})\S*/g, maskUrl);

/** A value that is no object. */
const plain = (value: unknown): unknown => (typeof value === 'string' ? withoutSecrets(value) : value);

const isPlain = (value: unknown): boolean => Object(value) !== value;

/** The name of an error, if it looks like one. */
const nameOf = (name: unknown): string => (/^[A-Z]\w{2,39}$/.test(`${name}`) ? `${name}` : 'Error');

/**
 * The text and the data of a thrown value. `words` stand in place of the text of an error that somebody else than the app has worded. A
 * SyntaxError quotes what could not be read, so only its name is told. A value that cannot be looked at is named by its type.
 */
export function printable(thrown: unknown, words = ''): { readonly text: string; readonly data: unknown } {
  try {
    if (isPlain(thrown)) return { text: `${words} ${String(plain(thrown))}`.trim(), data: plain(thrown) };
    const { name: given, message } = thrown as Error;
    if (typeof message === 'string') {
      const name = nameOf(given);
      const text = words || name === 'SyntaxError' ? `${words} ${name}`.trim() : withoutSecrets(message);
      return { text, data: { name, message: text } };
    }
    const kind = kindOf(thrown);
    const fields = kind === 'Object' ? Object.entries(thrown as object).filter(([, value]) => isPlain(value)) : [];
    return {
      text: `${words} ${kind}`.trim(),
      data: Object.fromEntries([['name', kind], ...fields.map(([name, value]) => [name, plain(value)])]),
    };
  } catch {
    return { text: `${words} ${typeof thrown}`.trim(), data: undefined };
  }
}
