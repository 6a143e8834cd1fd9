import type { HeartbeatSocketEvent } from 'vue-heartbeat-socket';

/** A point in time that is drawn as a tick of this kind. */
export interface Tick {
  readonly at: number;
  readonly kind: 'push' | 'beat' | 'answer' | 'attempt';
}

/** A point in time with a few words. */
export interface Note {
  readonly at: number;
  readonly text: string;
}

const KINDS: Partial<Record<HeartbeatSocketEvent['type'], Tick['kind']>> = {
  beat: 'beat',
  answered: 'answer',
  attempted: 'attempt',
};

export function ticksOf(events: readonly HeartbeatSocketEvent[]): Tick[] {
  return events.flatMap(({ type, at }) => {
    const kind = KINDS[type];
    return kind ? [{ at, kind }] : [];
  });
}

/** Close codes with their reasons, why an attempt has failed, and what the network did to the phase. */
export function notesOf(events: readonly HeartbeatSocketEvent[]): Note[] {
  return events.flatMap((event) => {
    if (event.type === 'ended') return [{ at: event.at, text: `${event.code} ${event.reason}`.trim() }];
    if (event.type === 'changed' && /^(on|off)line$/.test(event.cause)) return [{ at: event.at, text: event.cause }];
    // Of a socket that was open, `ended` says the same.
    if (event.type !== 'erred' || /^(closed|silence)$/.test(event.error.code)) return [];
    return [{ at: event.at, text: event.error.code }];
  });
}

/** When this tab began to hold the socket that tabs share, and when it lost it. */
export function leadsOf(events: readonly HeartbeatSocketEvent[]): Note[] {
  return events.flatMap((event) =>
    event.type === 'lead' ? [{ at: event.at, text: event.isLeader ? 'took the lead' : 'lost the lead' }] : [],
  );
}

/** What an event was, in a line of the log. */
export function describe(event: HeartbeatSocketEvent): string {
  switch (event.type) {
    case 'changed':
      return `${event.from} → ${event.phase}`;
    case 'attempted':
      return `attempt at ${new URL(event.url).pathname}`;
    case 'answered':
      return `answered in ${Math.round(event.latency ?? 0)} ms`;
    case 'ended':
      return `ended with ${event.code} ${event.reason}`.trim();
    case 'erred':
      return event.error.message.trim();
    case 'lead':
      return event.isLeader ? 'this tab leads' : 'this tab does not lead any more';
    case 'dropped':
      return `dropped, ${event.reason}`;
    default:
      return event.type;
  }
}
