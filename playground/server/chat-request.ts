/** What a client of the chat says, in its messages and in its url, checked. */
import { type ChatRequest, MAX_NAME, MAX_TEXT, type Place } from '../protocol/chat.ts';

/** Bytes: room for the longest text with each of its characters escaped (`\u0000`), and for what is around it. */
export const MAX_REQUEST = MAX_TEXT * 6 + 1_024;

/** Characters of a key. */
export const MAX_KEY = 64;

/** A name, without what cannot be seen. */
export function cleanName(given: string | null): string {
  const visible = (given ?? '').replace(/\p{C}/gu, '').trim();
  return [...visible].slice(0, MAX_NAME).join('');
}

/** The place that a client shows. Undefined: it has none, and wants nothing of what came before it. */
export function readPlace(query: URLSearchParams): Place | undefined {
  const [epoch, since] = [query.get('epoch'), query.get('since')];
  if (epoch === null || since === null) return undefined;
  // What is no number is behind no message of any epoch.
  return { epoch, number: /^\d{1,15}$/.test(since) ? Number(since) : Infinity };
}

/** The request in a message, or what is wrong with it. */
export function readRequest(message: string, isBinary: boolean): ChatRequest | string {
  if (isBinary) return 'Text messages only, please.';
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return 'That was not JSON.';
  }
  const { type, text, key } = Object(value) as Partial<Record<keyof ChatRequest, unknown>>;
  if (type !== 'chat') return "The type must be 'chat'.";
  if (typeof text !== 'string' || !text.trim()) return 'The text must be a string that says something.';
  if (text.length > MAX_TEXT) return `The text must have ${MAX_TEXT} characters at most.`;
  return { type, text, ...(typeof key === 'string' && { key: key.slice(0, MAX_KEY) }) };
}
