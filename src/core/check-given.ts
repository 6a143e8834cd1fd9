/** What development throws at once: urls and messages that make no sense, and how an error names a value. */
import { HeartbeatSocketError } from './errors.js';
import { kindOf } from './kind-of.js';
import { withoutSecrets } from './mask-url.js';
import { isFunction, type Read } from './option-row.js';
import { isSendable } from './wire-data.js';

/** Whether nothing throws when the values of an object are read. */
export const isReadable = (value: unknown): boolean => {
  try {
    return Object.entries(value as object).length >= 0;
  } catch {
    return false;
  }
};

/** A value as an error names it. An object may hold secrets, so only its kind is told. A text may be a url or a token. */
export const named = (value: unknown, read: Read): string => {
  if (typeof value === 'string') return `'${withoutSecrets(value)}'`;
  if (Object(value) !== value) return withoutSecrets(String(value));
  if (!isReadable(value)) return 'an object that throws when it is read';
  const kind = read(value) === value ? kindOf(value) : 'ref';
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
};

export const fail = (sentence: string): never => {
  throw new HeartbeatSocketError('option', sentence);
};

/** Whether a value can be a url, or says that there is none. */
export function isUrl(url: unknown): boolean {
  try {
    return (url ?? '') === '' || typeof url === 'string' || typeof Object(url).href === 'string';
  } catch {
    return false;
  }
}

/** Throws for a url that makes no sense. What a getter gives is looked at when the connection reads it. */
export function checkUrl(url: unknown, read: Read): void {
  const now = read(url);
  // A ref that holds false says "not now", as a getter may.
  if (isFunction(url) || isUrl(now) || (now === false && now !== url)) return;
  fail(`url must be a text or a URL, or a ref or getter of these, received ${named(now, read)}`);
}

/** Throws for a message that no socket can send as it is meant. */
export function checkMessage(data: unknown): void {
  if (isSendable(data)) return;
  const sentence = 'data must be text or binary, neither shared nor transferred away';
  throw new HeartbeatSocketError('send', `${sentence}, received ${kindOf(data)}`);
}
