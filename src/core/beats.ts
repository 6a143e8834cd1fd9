import { type HeartbeatSettings, isExpected } from './heartbeat.js';

/** The heartbeats of one socket: which of them are under way, and how long the last answer took. */
export interface Beats {
  /** ms between a heartbeat and its answer; undefined before the first answer. */
  latency: number | undefined;
  /** A heartbeat was sent. */
  sent(message: unknown, at: number): void;
  /** The page or the machine slept: the answers to heartbeats that are under way measure nothing. */
  stalled(): void;
  /**
   * Whether `data` answers a heartbeat. The oldest heartbeat that it can answer is the one that is answered, and `latency` becomes
   * its round trip. An answer that nobody waits for measures nothing. Throws what the caller's `responseMessage` throws.
   */
  isAnswer(data: unknown, now: number): boolean;
}

/** A server that answers no heartbeat at all must not make the list grow for ever. */
const MOST_UNDER_WAY = 100;

export function createBeats({ response, plainMessage }: Pick<HeartbeatSettings, 'response' | 'plainMessage'>): Beats {
  /** Oldest first. A server reads in order, so an answer to one heartbeat also settles those before it. */
  let underWay: { readonly message: unknown; readonly at: number | undefined }[] = [];
  let last = plainMessage;
  const beats: Beats = {
    latency: undefined,
    sent(message, at) {
      last = message;
      underWay.push({ message, at });
      if (underWay.length > MOST_UNDER_WAY) underWay.shift();
    },
    stalled() {
      underWay = underWay.map(({ message }) => ({ message, at: undefined }));
    },
    isAnswer(data, now) {
      const isExpectedNow = isExpected(response ? response(data) : last, data);
      for (let index = 0; index < underWay.length; index += 1) {
        const { message, at } = underWay[index] as (typeof underWay)[number];
        if (response ? !isExpectedNow : !isExpected(message, data)) continue;
        if (at !== undefined) beats.latency = now - at;
        underWay.splice(0, index + 1);
        return true;
      }
      // A server may answer twice, or unasked.
      return isExpectedNow;
    },
  };
  return beats;
}
