import { type ShallowRef, shallowRef } from 'vue';
import { atLeastOnce, useHeartbeatSocket } from 'vue-heartbeat-socket';
import { HEARTBEAT_INTERVAL, PONG_TIMEOUT } from '../protocol/heartbeat.ts';
import { type NumberUp, RUN_LENGTH, RUN_PATH, type RunMessage } from '../protocol/run.ts';
import { pathUrl, withToken } from '../server-url.ts';

/** What has become of the numbers in one direction. */
export interface Tally {
  /** How many were sent. Those that wait for the connection count, too. */
  readonly sent: number;
  /** How many have arrived, each counted once. */
  readonly arrived: number;
  /** How often a number came that had arrived already. */
  readonly twice: number;
}

export interface RunFigures {
  readonly up: Tally;
  readonly down: Tally;
  /** How many of its messages the library has reported as lost, or as perhaps lost. */
  readonly reported: number;
}

export interface RunConnection {
  readonly figures: Readonly<ShallowRef<RunFigures>>;
  /** Sends the numbers up to this one. */
  sendUpTo(number: number): void;
  /** Whether all was sent both ways, and nothing has come or changed for so many ms. */
  isOver(quietFor: number): boolean;
}

const NONE: Tally = { sent: 0, arrived: 0, twice: 0 };

const numberOf = (message: RunMessage): number | undefined => (message.type === 'down' ? message.number : undefined);

/** The connection of a run: with proof of delivery and a place to go on from, or without both. It ends with the current scope. */
export function useRunConnection(run: string, hasProof: boolean): RunConnection {
  const figures = shallowRef<RunFigures>({ up: NONE, down: NONE, reported: 0 });
  const numbers = new Set<number>();
  let changedAt = performance.now();

  const { status, pending, send, on } = useHeartbeatSocket<RunMessage, NumberUp>(pathUrl(RUN_PATH, { run }), {
    serializer: 'json',
    heartbeat: { interval: HEARTBEAT_INTERVAL, pongTimeout: PONG_TIMEOUT },
    connectTimeout: 5_000,
    delivery: hasProof ? atLeastOnce() : undefined,
    cursor: hasProof ? numberOf : undefined,
    beforeConnect: ({ url, cursor }) => withToken(url, hasProof ? { since: String(cursor ?? 0) } : {}),
    onMessage: (_ws, _event, message) => hear(message),
  });
  on('dropped', () => change({ reported: figures.value.reported + 1 }));

  function change(changed: Partial<RunFigures>): void {
    figures.value = { ...figures.value, ...changed };
    changedAt = performance.now();
  }

  function hear(message: RunMessage): void {
    const { up, down } = figures.value;
    if (message.type === 'count') {
      const { sent, arrived, twice } = message;
      change({ up: { ...up, arrived, twice }, down: { ...down, sent } });
    } else {
      const twice = down.twice + (numbers.has(message.number) ? 1 : 0);
      numbers.add(message.number);
      change({ down: { ...down, arrived: numbers.size, twice } });
    }
  }

  return {
    figures,
    sendUpTo(number) {
      while (figures.value.up.sent < number) {
        const sent = figures.value.up.sent + 1;
        send({ number: sent });
        change({ up: { ...figures.value.up, sent } });
      }
    },
    isOver(quietFor) {
      const { up, down } = figures.value;
      const isSent = up.sent === RUN_LENGTH && down.sent === RUN_LENGTH;
      const isQuiet = performance.now() - changedAt >= quietFor;
      return isSent && isQuiet && status.value === 'OPEN' && !pending.value;
    },
  };
}
