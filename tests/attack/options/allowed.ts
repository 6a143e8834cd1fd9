/** Every option, and the values of the attack that it may have. Development refuses all others. */
import type { CreateHeartbeatSocketOptions, UseHeartbeatSocketOptions } from '../../../src';
import type { HeartbeatOptions } from '../../../src/vue/heartbeat-options';
import type { BufferOptions, ReconnectOptions } from '../../../src/vue/option-groups';
import { FUNCTIONS } from './values';

const functions = Object.keys(FUNCTIONS);
const booleans = ['true', 'false'];
const moreThanZero = ['1.5', '5000'];
const zeroOrMore = ['0', ...moreThanZero];
const objects = [
  ...['an empty object', 'a full object', 'a frozen object', 'an object without prototype', 'a class instance'],
  ...[
    'a reactive object',
    'a readonly object',
    'an object that cannot be a text',
    'a thenable',
    'a thenable that throws',
  ],
  'an object with an href',
];
const figures = [...moreThanZero, 'a ref of a number', 'a computed of a number', ...functions];
const data = [
  ...['0', '-1', '1.5', '5000', 'a bigint', 'an empty text', 'a text', 'an ArrayBuffer', 'a view', 'a Blob'],
  ...['a ref of a number', 'a ref of a text', 'a computed of a number', ...functions],
];

const heartbeat: Record<keyof HeartbeatOptions, string[]> = {
  beats: [],
  message: data,
  responseMessage: [...data, 'a computed of undefined', 'a computed that throws'],
  control: functions,
  interval: figures,
  pongTimeout: figures,
  probeTimeout: moreThanZero,
  liveness: [],
  scheduler: functions,
};

const autoReconnect: Record<keyof ReconnectOptions, string[]> = {
  retries: ['0', '-1', '1.5', '5000', 'Infinity', '-Infinity', ...functions],
  delay: [...zeroOrMore, ...functions],
  onFailed: functions,
  stableAfter: zeroOrMore,
  finalCodes: ['an empty list', 'a list of numbers'],
};

const buffer: Record<keyof BufferOptions, string[]> = {
  limit: zeroOrMore,
  maxBytes: [...zeroOrMore, 'Infinity'],
  maxAge: [...zeroOrMore, 'Infinity'],
  perSecond: [...moreThanZero, 'Infinity'],
  highWaterMark: zeroOrMore,
  overflow: [],
  onDropped: functions,
};

const alone: Record<keyof UseHeartbeatSocketOptions, string[]> = {
  onConnected: functions,
  onDisconnected: functions,
  onError: functions,
  onMessage: functions,
  onSend: functions,
  onEvent: functions,
  protocols: [
    ...['an empty text', 'a text', 'an empty list', 'a list of texts', 'a ref of a text', 'a shallowRef of a list'],
    ...['a computed of undefined', 'a computed that throws', ...functions],
  ],
  binaryType: [],
  immediate: booleans,
  autoConnect: booleans,
  autoClose: booleans,
  connectTimeout: moreThanZero,
  beforeConnect: functions,
  handshake: functions,
  cursor: functions,
  delivery: [],
  share: [],
  onDelivered: functions,
  heartbeat: [...booleans, ...objects, ...functions],
  autoReconnect: [...booleans, ...objects],
  buffer: objects,
  serializer: [],
  whenDeactivated: [],
  whenHidden: [],
  WebSocket: functions,
  window: [],
};

const grouped = (group: string, options: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(options).map(([name, values]) => [`${group}.${name}`, values]));

const url: Record<Exclude<keyof CreateHeartbeatSocketOptions, keyof typeof alone>, string[]> = {
  url: [
    'a ref of false',
    ...['null', 'an empty text', 'a text', 'a URL', 'an object with an href', 'a ref of null', 'a ref of a text'],
    ...['a computed of undefined', 'a computed that throws', ...functions],
  ],
};

/** The path of each option, the url and the options themselves, with the values that it may have. */
export const ALLOWED: Record<string, readonly string[]> = {
  ...alone,
  ...grouped('heartbeat', heartbeat),
  ...grouped('autoReconnect', autoReconnect),
  ...grouped('buffer', buffer),
  ...url,
  options: objects,
};
