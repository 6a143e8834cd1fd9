/** What functions of the app, constructors and sockets throw, with a secret in it. */
import fc from 'fast-check';

/** A class as that of a DOM event: its fields are not plain data. */
class SocketErrorEvent {
  readonly type = 'error';
  readonly target: object;
  readonly message: string;
  constructor(quote: string) {
    this.target = { url: quote, protocol: quote };
    this.message = `WebSocket connection to '${quote}' failed`;
  }
}

/** Sentences that quote a url or a token. */
const SENTENCES: Record<string, (quote: string) => string> = {
  bare: (quote) => quote,
  'in a sentence': (quote) => `cannot reach ${quote} today`,
  'in quotes': (quote) => `Failed to construct 'WebSocket': The URL '${quote}' is invalid.`,
  'in brackets': (quote) => `no answer (${quote}), giving up`,
  'as JSON': (quote) => `refused: {"token":"${quote}","room":7}`,
  'as a field': (quote) => `401 token=${quote}; expired`,
  'as a header': (quote) => `Authorization: Bearer ${quote}`,
  'in lines': (quote) => `request failed\n  url: ${quote}\n  status: 401`,
  'beside an address': (quote) => `ask ann@example.com about ${quote}`,
};

const named = (error: Error, name: string): Error => Object.assign(error, { name });

/** Values that are thrown. `say` makes a sentence that quotes the secret. */
const VALUES: Record<string, (say: string, quote: string) => unknown> = {
  'a text': (say) => say,
  'a symbol': (say) => Symbol(say),
  'an Error': (say) => new Error(say),
  'a TypeError': (say) => new TypeError(say),
  'a SyntaxError': (say) => new SyntaxError(say),
  'a RangeError with fields': (say, quote) =>
    Object.assign(new RangeError(say), { url: quote, config: { url: quote } }),
  'a DOMException': (say) => new DOMException(say, 'NetworkError'),
  'a SyntaxError of the browser': (say) => new DOMException(say, 'SyntaxError'),
  'a SecurityError of the browser': (say) => new DOMException(say, 'SecurityError'),
  'an Error whose name is the secret': (say, quote) => named(new Error(say), quote),
  'an Error with causes': (say, quote) => new Error('outer', { cause: new Error(say, { cause: { url: quote } }) }),
  'an AggregateError': (say) => new AggregateError([new Error(say), new Error(say)], say),
  'an event with a target': (_, quote) => ({ type: 'error', target: { url: quote }, currentTarget: { url: quote } }),
  'an event of a class': (_, quote) => new SocketErrorEvent(quote),
  'an object': (say, quote) => ({ status: 401, url: quote, message: { text: say }, reason: say }),
  'an object with the secret as a key': (_, quote) => ({ [quote]: true }),
  'an object with symbols': (say) => ({ status: Symbol(say) }),
  'a list': (say) => [say],
  'a Map': (say, quote) => new Map([[quote, say]]),
  'a function': (say) => () => say,
  'an object whose text is the secret': (say) => ({ toString: () => say, toJSON: () => say }),
  'an object whose message is no text': (say) => ({ message: [say], name: say }),
};

const valuesLike = (names: string[]) =>
  fc
    .record({ value: fc.constantFrom(...names), sentence: fc.constantFrom(...Object.keys(SENTENCES)) })
    .map(({ value, sentence }) => ({
      name: `${value}, ${sentence}`,
      make: (quote: string): unknown => VALUES[value]?.(SENTENCES[sentence]?.(quote) ?? '', quote),
    }));

export const thrown = valuesLike(Object.keys(VALUES));

/** What a browser throws: its sentences quote what they are about, also where that is a plain word. */
export const browserErrors = valuesLike([
  'an Error',
  'a TypeError',
  'a SyntaxError of the browser',
  'a SecurityError of the browser',
  'a DOMException',
]);
