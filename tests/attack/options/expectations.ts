/** What has to come of a connection with a wrong option: as a rule that what it would have done with the default. */
import { ALLOWED } from './allowed';
import { FUNCTIONS } from './values';

export interface Expectations {
  /** It opens. */
  readonly opens: boolean;
  /** It may rest without an error. A url that cannot be used leads to one when it is dialled. */
  readonly isQuiet: boolean;
  /** `data` is what the server sent. */
  readonly reads: boolean;
  /** What the app sends goes out. */
  readonly writes: boolean;
  /** Heartbeats go out. */
  readonly beats: boolean;
  /** It comes back after 1006. */
  readonly retries: boolean;
  /** It has failed after 4401. */
  readonly endsAt4401: boolean;
  /** It ends with its scope. */
  readonly leaves: boolean;
  /** The app is told of an error that names the option. */
  readonly isTold: boolean;
}

/** These decide whether there is a connection at all, so a wrong one may leave none. */
const DECIDE_ABOUT_OPENING = ['url', 'protocols', 'beforeConnect', 'handshake', 'WebSocket'];

/** A getter of a url may give such a value by `isReady && url`: it says that there is none for now. */
const NOT_NOW = ['0', 'NaN', 'false', 'a ref of NaN'];

/** A ref or getter may have no value yet. */
const NOT_YET = ['a ref of null', 'a computed of undefined', 'a computed that throws'];

/** Options that may be refs and getters. */
const TAKES_REFS = [
  'protocols',
  ...['message', 'responseMessage', 'interval', 'pongTimeout'].map((name) => `heartbeat.${name}`),
];

/** Refs are read when they are used. */
const isRef = (name: string): boolean => / (ref|shallowRef) of | computed /.test(name) || name.startsWith('a computed');

export function expectations(way: string, path: string, name: string): Expectations {
  const isAllowed = !!ALLOWED[path]?.includes(name);
  const isOff = (option: string, value: string): boolean => path === option && name === value;
  const isFunction = name in FUNCTIONS;
  const mayStayShut =
    DECIDE_ABOUT_OPENING.includes(path) && (isAllowed || path === 'url' || (path === 'protocols' && isRef(name)));
  const hasUrl = !(way === 'createHeartbeatSocket' && path === 'options');
  const opens = hasUrl && !mayStayShut;
  const decides = isAllowed && path.startsWith('autoReconnect');
  return {
    opens,
    isQuiet: !hasUrl || (path === 'url' && (isAllowed || NOT_NOW.includes(name))),
    reads: opens && !(/^heartbeat.(responseMessage|control)$/.test(path) && isAllowed),
    writes: opens && !(path.startsWith('buffer.') && isAllowed),
    beats:
      opens &&
      !isOff('heartbeat', 'false') &&
      !(path === 'heartbeat.scheduler' && isAllowed) &&
      !(path === 'heartbeat.message' && (isFunction || isRef(name))),
    retries: opens && !decides,
    endsAt4401: opens && !decides,
    leaves: !isOff('autoClose', 'false'),
    isTold: !isAllowed && path !== 'url' && !(TAKES_REFS.includes(path) && NOT_YET.includes(name)),
  };
}
