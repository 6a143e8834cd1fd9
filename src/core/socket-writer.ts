/** Writes to the socket: messages that somebody else has made ready, and heartbeats. */
import { beatSent } from './beats.js';
import { isAlive } from './connection-state.js';
import type { Engine } from './engine.js';
import { HeartbeatSocketError } from './errors.js';
import { unusable } from './kind-of.js';
import { emit, guard } from './outlet.js';
import { copyOf, isSendable } from './wire-data.js';

/** Whether the socket takes messages. */
export const isReady = (engine: Engine): boolean =>
  isAlive(engine.state) && !((engine.attempt?.socket?.readyState as number) > 1);

export const bytesLeft = (engine: Engine): number => engine.attempt?.socket?.bufferedAmount ?? 0;

/**
 * Looks how many of the bytes are sent that a heartbeat has to wait for. Answers how many those are so far. What is sent later proves
 * nothing: the operating system takes megabytes for a link that is dead.
 */
export function lookAtUpload(engine: Engine): number {
  const { attempt } = engine;
  if (!attempt?.unsentBytes) return attempt?.drained ?? 0;
  const left = bytesLeft(engine);
  attempt.drained += Math.max(0, attempt.unsentBytes - left);
  attempt.unsentBytes = left;
  return attempt.drained;
}

/** Refuses what no socket can send as it is meant. */
export const checkData = (data: unknown): void => {
  if (!isSendable(data)) throw new HeartbeatSocketError('send', unusable(data));
};

/** Hands data to the socket. Undefined: the socket refused it, which was reported. `undo` is called before that. */
export const write = (engine: Engine, data: unknown, undo?: () => void): true | undefined =>
  guard(
    engine,
    () => {
      const { state, attempt } = engine;
      if (isAlive(state)) state.sentAt = engine.clock.now();
      lookAtUpload(engine);
      attempt?.socket?.send(data as never);
      if (attempt?.unsentBytes) attempt.unsentBytes = bytesLeft(engine);
      return true as const;
    },
    'send',
    undo,
  );

/** Sends a heartbeat. */
export function sendBeat(engine: Engine): void {
  const { attempt } = engine;
  const now = engine.clock.now();
  const isDone = guard(
    engine,
    () => {
      const message = (attempt?.settings ?? engine.options).message();
      // A socket that is closing takes no heartbeat, and gives no sign of life either.
      if (!attempt || engine.queue.isCommanded() || !isReady(engine)) return true;
      attempt.unsentBytes = bytesLeft(engine);
      checkData(message);
      if (!write(engine, message)) return false;
      beatSent(attempt.beats, copyOf(message), now);
      engine.delivery.beat?.(engine, attempt, now);
      emit(engine, 'beat', { data: message });
      return true;
    },
    'callback',
  );
  if (!isDone) engine.raise('unsent', undefined, attempt?.id);
}
