import type { HeartbeatSocketEvent } from '../../core/log-event.js';
import { bytesOf } from '../../core/wire-data.js';
import type { TimelineEvent } from './host.js';
import { type ShownConnection, shownText } from './inspector.js';

/** The most bytes that are shown of a message. Long ones make the devtools slow, and nobody reads them there. */
const LIMIT = 2_048;

/** Cuts a text to at most LIMIT bytes of UTF-8. */
function cutText(text: string): string {
  const bytes = new TextEncoder().encode(text.slice(0, LIMIT));
  if (text.length <= LIMIT && bytes.length <= LIMIT) return text;
  // With `stream` the decoder leaves out a last character that the cut has split.
  const beginning = new TextDecoder().decode(bytes.subarray(0, LIMIT), { stream: true });
  return `${beginning}… (${text.length} characters)`;
}

/** Shows bytes as two hexadecimal digits each, and cuts them to LIMIT digits. */
function cutBytes(bytes: Uint8Array): string {
  const digits = [...bytes.subarray(0, LIMIT / 2)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > LIMIT / 2 ? `${digits}… (${bytes.length} bytes)` : digits;
}

/** Describes the data of a message: by its content, cut to LIMIT, if `isWhole` says so; otherwise by its size. */
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

/** Makes an entry of the timeline from an event of a connection. The events of one socket form a group. */
export function toTimelineEvent(
  event: HeartbeatSocketEvent,
  { id, url }: ShownConnection,
  showsPayloads: boolean,
): TimelineEvent {
  const { type, at, phase, cause, socket, ...details } = event;
  const data: Record<string, unknown> = { url, phase, cause, socket, ...details };
  if ('data' in event) data['data'] = describe(event.data, showsPayloads);
  if (event.type === 'control' && event.reply !== undefined) data['reply'] = describe(event.reply, showsPayloads);
  if (event.type === 'erred') {
    data['error'] = shownText(event.error, showsPayloads);
  }
  return {
    time: at,
    title: event.type === 'changed' ? `${event.from} → ${phase}` : type,
    // The list shows only title and subtitle of an event. It contains the events of all connections, so the url must be
    // here.
    subtitle: `${cause} · ${url}`,
    data,
    groupId: `${id}.${socket}`,
    logType: LOG_TYPES[type] ?? 'default',
  };
}
