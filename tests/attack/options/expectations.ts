/** What has to come of a connection with a wrong option: as a rule that what it would have done with the default. */
import { ALLOWED } from './allowed';
import { FUNCTIONS } from './values';

export interface Expectations {
  /** It opens. */
  readonly opens: boolean;
  /** It may rest without an error. */
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

/** What production looks at before it connects. The other wrong options tell of themselves when they are used, or do nothing. */
const LOOKED_AT = [
  ...['connectTimeout', 'serializer', 'beforeConnect', 'handshake', 'cursor', 'binaryType'],
  ...['heartbeat.scheduler', 'heartbeat.message', 'heartbeat.responseMessage', 'heartbeat.interval'],
  ...['heartbeat.pongTimeout', 'heartbeat.probeTimeout', 'heartbeat.liveness', 'heartbeat.beats', 'heartbeat.control'],
  ...['autoReconnect.retries', 'autoReconnect.delay', 'autoReconnect.stableAfter', 'autoReconnect.finalCodes'],
  ...[
    'buffer.limit',
    'buffer.maxBytes',
    'buffer.overflow',
    'buffer.maxAge',
    'buffer.perSecond',
    'buffer.highWaterMark',
  ],
];

/** Refs are read when they are used. */
const isRef = (name: string): boolean => / (ref|shallowRef) of | computed /.test(name) || name.startsWith('a computed');

export function expectations(way: string, path: string, name: string): Expectations {
  const isAllowed = !!ALLOWED[path]?.includes(name);
  const isOff = (option: string, value: string): boolean => path === option && name === value;
  const isFunction = name in FUNCTIONS;
  const mayStayShut = DECIDE_ABOUT_OPENING.includes(path) && (isAllowed || path === 'url' || path === 'protocols');
  const hasUrl = !(way === 'createHeartbeatSocket' && path === 'options');
  const opens = hasUrl && !mayStayShut && path !== 'WebSocket';
  const decides = isAllowed && path.startsWith('autoReconnect');
  return {
    opens,
    isQuiet: path === 'url' || !hasUrl,
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
    isTold: !isAllowed && LOOKED_AT.includes(path) && !(path !== 'serializer' && isRef(name)),
  };
}
