/** What processes say to each other over the bus, as JSON, and the reading of it: anybody may have written to the bus. */
import { type ChatMessage, MAX_TEXT, type Person, type Place, ROOMS } from '../../protocol/chat.ts';
import { MAX_ALL_CONNECTIONS } from '../bounds.ts';
import { cleanName, MAX_KEY, MAX_REQUEST } from '../chat-request.ts';

/** What somebody said, before it has its place in the log. */
export type Said = Omit<ChatMessage, keyof Place>;

/** The people of each room, by its name. */
export type PeopleByRoom = ReadonlyMap<string, readonly Person[]>;

/** Who is at one process. */
export interface Report {
  readonly process: string;
  readonly people: PeopleByRoom;
}

/** Bytes of the longest entry of the log: a message and what the server writes beside it. */
export const MAX_SAID = MAX_REQUEST + 1_024;

/** Bytes of the longest report. */
export const MAX_REPORT = 256 * 1_024;

const MAX_ID = 64;

/** ms since the epoch, of the latest date that there is. */
const LATEST = 8.64e15;

export const writeSaid = (said: Said): Buffer => Buffer.from(JSON.stringify(said));

/** Reads an entry of the log. Undefined: the bytes are none. */
export function readSaid(bytes: Uint8Array): Said | undefined {
  const { type, id, name, text, at, key } = fieldsIn(bytes, MAX_SAID);
  if (type !== 'chat' || !isId(id) || typeof text !== 'string' || !text.trim() || text.length > MAX_TEXT)
    return undefined;
  if (typeof at !== 'number' || !(at >= 0 && at <= LATEST)) return undefined;
  const hasKey = typeof key === 'string' && key.length <= MAX_KEY;
  return { type, id, name: nameIn(name), text, at, ...(hasKey && { key }) };
}

export const writeReport = ({ process, people }: Report): Buffer =>
  Buffer.from(JSON.stringify({ process, people: Object.fromEntries(people) }));

/** Reads a report. Undefined: the bytes are none. Rooms that do not exist, and people that make no sense, are left out. */
export function readReport(bytes: Uint8Array): Report | undefined {
  const { process, people } = fieldsIn(bytes, MAX_REPORT);
  if (!isId(process) || typeof people !== 'object' || people === null) return undefined;
  const byRoom = new Map<string, Person[]>();
  for (const room of ROOMS) {
    const given: unknown = (people as Record<string, unknown>)[room];
    if (!Array.isArray(given)) continue;
    byRoom.set(room, given.slice(0, MAX_ALL_CONNECTIONS).flatMap(personIn));
  }
  return { process, people: byRoom };
}

/** The fields of the JSON object in the bytes. None, if there is no such object. */
function fieldsIn(bytes: Uint8Array, longest: number): Record<string, unknown> {
  if (bytes.length > longest) return {};
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return {};
  }
}

function personIn(given: unknown): Person[] {
  const { id, name, connections, isSilent } = Object(given) as Record<string, unknown>;
  if (!isId(id) || !Number.isSafeInteger(connections) || typeof isSilent !== 'boolean') return [];
  const count = Math.min(MAX_ALL_CONNECTIONS, Math.max(0, connections as number));
  return [{ id, name: nameIn(name), connections: count, isSilent }];
}

const isId = (given: unknown): given is string =>
  typeof given === 'string' && given.length > 0 && given.length <= MAX_ID;

const nameIn = (given: unknown): string => cleanName(typeof given === 'string' ? given : '') || 'Guest';
