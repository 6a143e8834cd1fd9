/** The ways on which a secret comes into a connection. Each gives all that the library has made of it. */
import { type Attacked, attack, type Given } from '../../support/secrets/attack';

type Throw = () => never;

/** What is done with a connection that was opened. */
type Then = (attacked: Attacked) => void;

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn += 1) await undefined;
};

const accept: Then = ({ socket }) => socket?.accept();

/** Plays a connection to its end. */
async function play(given: Given, then: Then = accept): Promise<string> {
  const attacked = attack(given);
  await settle();
  then(attacked);
  await settle();
  attacked.connection.send('hello');
  attacked.socket?.end(1012, 'restart');
  await settle();
  attacked.connection.leave();
  return attacked.made();
}

const asUrl = (text: string): unknown => (URL.canParse(text) ? new URL(text) : text);

export type UrlWay = (url: string) => Promise<string>;

/** A url goes to the transport. */
export const URL_WAYS: Record<string, UrlWay> = {
  'as the url': (url) => play({ url }),
  'as a URL': (url) => play({ url: asUrl(url) }),
  'as a getter of an object with a href': (url) => play({ url: { href: url, toString: () => url } }),
  'from beforeConnect': (url) => play({ beforeConnect: () => url }),
  'from beforeConnect, as a URL': (url) => play({ beforeConnect: async () => asUrl(url) }),
  'from beforeConnect, in a target': (url) => play({ beforeConnect: async () => ({ url, protocols: ['soap'] }) }),
  'from beforeConnect, in a list': (url) => play({ beforeConnect: () => [url] }),
  'as the url, beside sub-protocols that are no texts': (url) => play({ url, protocols: [5] }),
  'in a constructor that quotes it in another spelling': (url) =>
    play({
      url,
      construct(to) {
        throw new Error(`cannot open ${URL.canParse(to) ? new URL(to).href : to.toUpperCase()}`);
      },
    }),
};

/** A text goes to the socket as a sub-protocol. */
export const PROTOCOL_WAYS: Record<string, (protocol: string) => Promise<string>> = {
  'as the only one': (protocols) => play({ protocols }),
  'after the name of a scheme': (protocol) => play({ protocols: ['bearer', protocol] }),
  'twice, from beforeConnect': (one) => play({ beforeConnect: async () => ({ protocols: [one, one] }) }),
  'as a number beside it': (protocol) => play({ protocols: [protocol, 5] }),
};

const whenOpen = (given: Given): Promise<string> =>
  play({ serializer: 'raw', ...given }, ({ connection, socket }) => {
    socket?.accept();
    socket?.say('news');
    connection.send('question');
    connection.beat();
    connection.close(4000, 'bye');
  });

/** The ways on which a value is thrown: `fail` throws it, `value` is it. */
export const THROWN_WAYS: Record<string, (fail: Throw, value: unknown) => Promise<string>> = {
  'beforeConnect throws': (beforeConnect) => play({ beforeConnect }),
  'beforeConnect rejects': (fail) => play({ beforeConnect: async () => fail() }),
  'beforeConnect throws, and no retry is left': (beforeConnect) => play({ beforeConnect, autoReconnect: false }),
  'beforeConnect gives up': (_, value) =>
    play({ beforeConnect: ({ giveUp }: { giveUp(reason: unknown): void }) => giveUp(value) }),
  'handshake throws': (handshake) => play({ handshake }),
  'handshake rejects': (fail) => play({ handshake: async () => fail() }),
  'handshake gives up': (_, value) =>
    play({ handshake: ({ giveUp }: { giveUp(reason: unknown): void }) => giveUp(value) }),
  'the serializer cannot read': (read) => whenOpen({ serializer: { read, write: String } }),
  'the serializer cannot write': (write) => whenOpen({ serializer: { read: String, write } }),
  'onConnected throws': (onConnected) => whenOpen({ listener: { onConnected } }),
  'onMessage throws': (onMessage) => whenOpen({ listener: { onMessage } }),
  'onSend throws': (onSend) => whenOpen({ listener: { onSend } }),
  'onDisconnected throws': (onDisconnected) => whenOpen({ listener: { onDisconnected } }),
  'onDropped throws': (onDropped) => whenOpen({ listener: { onDropped } }),
  'delay throws': (delay) => play({ autoReconnect: { delay } }),
  'retries throws': (retries) => play({ autoReconnect: { retries } }),
  'the heartbeat throws': (message) => whenOpen({ heartbeat: { message: () => message() } }),
  'the test for an answer throws': (fail) => whenOpen({ heartbeat: { responseMessage: () => fail() } }),
};

/** The ways on which a browser throws. */
export const BROWSER_WAYS: typeof THROWN_WAYS = {
  'the constructor throws': (construct) => play({ construct }),
  'the constructor throws, and no retry is left': (construct) => play({ construct, autoReconnect: false }),
  'the socket refuses data': (send) => whenOpen({ prepare: (socket) => Object.assign(socket, { send }) }),
  'the socket refuses to be closed': (close) => whenOpen({ prepare: (socket) => Object.assign(socket, { close }) }),
};

const quoting = (data: unknown, Class: new (text: string) => Error): never => {
  throw new Class(`cannot read ${data}`);
};

const said = (data: unknown, serializer: NonNullable<Given['serializer']>): Promise<string> =>
  play({ serializer }, ({ socket }) => {
    socket?.accept();
    socket?.say(data);
  });

const sent = (value: unknown, given: Given): Promise<string> =>
  play(given, ({ connection, socket }) => {
    connection.send(value as never);
    socket?.accept();
    connection.send(value as never);
  });

const circle = (field: string, value: unknown): object => {
  const object: Record<string, unknown> = { value };
  object[field] = object;
  return object;
};

const refusing: Given['prepare'] = (socket) =>
  Object.assign(socket, {
    send: (data: unknown) => quoting(data, TypeError),
    close: (_: number, reason: string) => quoting(reason, SyntaxError),
  });

/** The ways on which a text is part of a message, or of what one side says when it closes. */
export const MESSAGE_WAYS: Record<string, (text: string) => Promise<string>> = {
  'no JSON comes': (text) => said(`{"token":"${text}"`, 'json'),
  'a text comes where JSON should': (text) => said(text, 'json'),
  'a SyntaxError quotes what came': (text) => said(text, { read: (data) => quoting(data, SyntaxError), write: String }),
  'an error quotes what came': (text) =>
    said(`{"token":"${text}"}`, { read: (data) => quoting(data, TypeError), write: String }),
  'the beginning of what came is quoted': (text) =>
    said(text, { read: (data) => JSON.parse(`${data}`.slice(0, 10)), write: String }),
  'a circle is sent': (text) => sent(circle('parent', text), { serializer: 'json' }),
  'a circle through the secret is sent': (text) => sent(circle(text, 1), { serializer: 'json' }),
  'a function is sent as JSON': (text) => sent(() => text, { serializer: 'json' }),
  'an object is sent as it is': (text) => sent({ text }, {}),
  'the socket quotes what it refuses': (text) => sent(text, { prepare: refusing }),
  'the socket quotes the reason that it refuses': (text) =>
    play({ prepare: refusing }, ({ connection, socket }) => {
      socket?.accept();
      connection.close(4000, text.repeat(20));
    }),
  'the buffer is full': (text) => sent(text, { buffer: { limit: 0 } }),
};
