import { bytesOf } from '../core/heartbeat.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import type { TimelineEvent } from './devtools-host.js';
import type { ShownConnection } from './devtools-inspector.js';

/** Bytes of a payload that are shown: devtools slow down with long ones, and nobody reads them there. */
const LIMIT = 2_048;

/** The beginning of a text, in at most LIMIT bytes of UTF-8. */
function cutText(text: string): string {
  const bytes = new TextEncoder().encode(text.slice(0, LIMIT));
  if (text.length <= LIMIT && bytes.length <= LIMIT) return text;
  // Streaming, the decoder leaves out a character that the cut has split.
  const beginning = new TextDecoder().decode(bytes.subarray(0, LIMIT), { stream: true });
  return `${beginning}… (${text.length} characters)`;
}

/** Two digits for each byte. */
function cutBytes(bytes: Uint8Array): string {
  const digits = [...bytes.subarray(0, LIMIT / 2)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > LIMIT / 2 ? `${digits}… (${bytes.length} bytes)` : digits;
}

/** What a message carried: itself, cut, where that was asked for, and else how much. */
function describe(data: unknown, isWhole: boolean): string {
  if (data instanceof Blob) return `Blob of ${data.size} bytes`;
  const bytes = bytesOf(data);
  if (bytes) return isWhole ? cutBytes(bytes) : `${bytes.length} bytes`;
  return isWhole ? cutText(`${data}`) : `text of ${`${data}`.length} characters`;
}

const LOG_TYPES: Partial<Record<HeartbeatSocketEvent['type'], TimelineEvent['logType']>> = {
  erred: 'error',
  dropped: 'warning',
  ended: 'warning',
};

/** An event of a connection as the timeline shows it. The events of one socket are a group. */
export function toTimelineEvent(
  event: HeartbeatSocketEvent,
  { id, url }: ShownConnection,
  showsPayloads: boolean,
): TimelineEvent {
  const { type, at, phase, cause, socket, ...details } = event;
  const data: Record<string, unknown> = { url, phase, cause, socket, ...details };
  if ('data' in event) data['data'] = describe(event.data, showsPayloads);
  if (event.type === 'erred') {
    const { code, message } = event.error;
    // A parser's message quotes what it could not parse.
    data['error'] = /callback|serializer/.test(code) && !showsPayloads ? code : message;
  }
  return {
    time: at,
    title: event.type === 'changed' ? `${event.from} → ${phase}` : type,
    // The list shows no more than this of an event, and the events of all connections are in it.
    subtitle: `${cause} · ${url}`,
    data,
    groupId: `${id}.${socket}`,
    logType: LOG_TYPES[type] ?? 'default',
  };
}
