import { HeartbeatSocketError } from './errors.js';

type Rule = readonly [rule: string, holds: (value: unknown) => unknown];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const numberOf = (what: string, least: number): Rule => [
  `a number of ${what}, ${least} or more`,
  (value) => typeof value === 'number' && value >= least && value < Infinity,
];

const oneOf = (...words: unknown[]): Rule => [
  words.map((word) => `'${word}'`).join(' or '),
  (value) => words.includes(value),
];

const orFunction = ([rule, holds]: Rule): Rule => [
  `${rule}, or a function`,
  (value) => typeof value === 'function' || holds(value),
];

const group: Rule = ['true, false or an object', (value) => typeof value === 'boolean' || isObject(value)];

/** Each option that has a rule, by its path. */
const RULES: Record<string, Rule> = {
  connectTimeout: numberOf('ms', 1),
  whenDeactivated: oneOf('stay', 'close'),
  heartbeat: group,
  'heartbeat.interval': numberOf('ms', 1),
  'heartbeat.pongTimeout': numberOf('ms', 1),
  'heartbeat.probeTimeout': numberOf('ms', 1),
  'heartbeat.liveness': oneOf('traffic', 'response'),
  autoReconnect: group,
  'autoReconnect.retries': orFunction([
    'a number (below 0: no limit)',
    (value) => typeof value === 'number' && !Number.isNaN(value),
  ]),
  'autoReconnect.delay': orFunction(numberOf('ms', 0)),
  'autoReconnect.stableAfter': numberOf('ms', 0),
  'autoReconnect.finalCodes': ['a list of close codes', Array.isArray],
  buffer: ['an object', isObject],
  'buffer.limit': numberOf('messages', 0),
  'buffer.overflow': oneOf('drop-oldest', 'drop-newest'),
  serializer: [
    "'raw', 'json' or { read, write }",
    (value) => value === 'raw' || value === 'json' || (isObject(value) && 'read' in value && 'write' in value),
  ],
};

/** The options of each group. One beside its group means nothing to VueUse, but would act here, where groups are taken apart. */
const GROUPS = {
  heartbeat: ['message', 'responseMessage', 'interval', 'pongTimeout', 'probeTimeout', 'liveness', 'scheduler'],
  autoReconnect: ['retries', 'delay', 'onFailed', 'stableAfter', 'finalCodes'],
  buffer: ['limit', 'overflow', 'onDropped'],
};

/**
 * Throws a HeartbeatSocketError for the first option that makes no sense, with its name, the rule and the value received.
 */
export function checkOptions(options: object): void {
  for (const [group, names] of Object.entries(GROUPS)) {
    const name = names.find((key) => (options as Record<string, unknown>)[key] !== undefined);
    if (name) throw new HeartbeatSocketError('option', `${name} must stand in ${group}, received beside it`);
  }
  for (const path in RULES) {
    const [rule, holds] = RULES[path] as Rule;
    // biome-ignore lint/suspicious/noExplicitAny: what it is, is the question
    const value = path.split('.').reduce<any>((at, key) => at?.[key], options);
    if (value === undefined || holds(value)) continue;
    const received = typeof value === 'string' ? `'${value}'` : String(value);
    throw new HeartbeatSocketError('option', `${path} must be ${rule}, received ${received}`);
  }
}
