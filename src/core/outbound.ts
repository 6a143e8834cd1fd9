/** The one way out for messages of the app: each of them passes here, whether the connection is open or not. */
import { isAlive } from './connection-state.js';
import type { Engine } from './engine.js';
import { emit, guard, report } from './outlet.js';
import { toText } from './url-text.js';

/** Whether the socket takes messages. */
const isReady = ({ state, attempt }: Engine): boolean =>
  isAlive(state) && !((attempt?.socket?.readyState as number) > 1);

/** The url that the app wants now. Once its scope has ended, nobody is asked any more. */
export const currentUrl = ({ state, options }: Engine): string => (state.phase === 'left' ? '' : toText(options.url()));

/** Looks how much the socket still has to send. Answers when that was last seen to have become less. */
export function lookAtUpload({ attempt, clock }: Engine): number {
  if (!attempt) return -Infinity;
  const unsentBytes = attempt.socket?.bufferedAmount ?? 0;
  if (unsentBytes < attempt.unsentBytes) attempt.drainedAt = clock.now();
  attempt.unsentBytes = unsentBytes;
  return attempt.drainedAt;
}

/** Hands data to the socket. Undefined: the socket refused it, which was reported. */
const write = (engine: Engine, data: unknown): true | undefined =>
  guard(
    engine,
    () => {
      const { state, attempt, clock } = engine;
      if (isAlive(state)) state.sentAt = clock.now();
      lookAtUpload(engine);
      attempt?.socket?.send(data as never);
      if (attempt) attempt.unsentBytes = attempt.socket?.bufferedAmount ?? 0;
      return true as const;
    },
    'send',
  );

/** Sends a message of the app. */
const sendNow = (engine: Engine, data: unknown): boolean => {
  const isSent = !!write(engine, data);
  if (isSent) emit(engine, 'sent', { data });
  return isSent;
};

/** Keeps a message for the next connection to `url`. */
function keep(engine: Engine, data: unknown, value: unknown, url: string): void {
  engine.cause = 'send';
  if (engine.outbox.keep(data, value, url)) emit(engine, 'buffered', { data });
  if (engine.state.phase === 'left') engine.outbox.empty('left');
}

function sendOrKeep(engine: Engine, data: unknown, value: unknown, useBuffer: boolean): boolean {
  const { queue } = engine;
  const isWaiting = queue.isCommanded();
  if (!isWaiting && isReady(engine)) return sendNow(engine, data);
  if (!useBuffer) return false;
  const url = currentUrl(engine);
  // A waiting command ends the socket, and drops only what was sent before it. What is sent after this message has to wait as well.
  if (isWaiting) queue.command(() => keep(engine, data, value, url));
  else keep(engine, data, value, url);
  return false;
}

/** Sends a value of the app, or keeps it for the next connection. True: it was handed to an open socket. */
export function send(engine: Engine, value: unknown, useBuffer: boolean): boolean {
  // Sending is synchronous, so it may happen in the middle of something else.
  const { cause } = engine;
  engine.cause = 'send';
  try {
    return sendOrKeep(engine, engine.options.serializer.write(value as never), value, useBuffer);
  } catch (thrown) {
    report(engine, 'serializer', thrown);
    return false;
  } finally {
    engine.cause = cause;
  }
}

/** Sends what is kept, until a callback gives a command. */
export function flush(engine: Engine): void {
  const { outbox, queue } = engine;
  outbox.flush(
    () => isReady(engine) && !queue.isCommanded(),
    (data) => sendNow(engine, data),
  );
}

/** Sends a heartbeat. */
export function sendBeat(engine: Engine): void {
  const { attempt, clock, options, queue, raise } = engine;
  const now = clock.now();
  const isDone = guard(
    engine,
    () => {
      const message = options.message();
      // A socket that is closing takes no heartbeat, and gives no sign of life either.
      if (queue.isCommanded() || !isReady(engine)) return true;
      if (!write(engine, message)) return false;
      attempt?.beats.sent(message, now);
      emit(engine, 'beat', { data: message });
      return true;
    },
    'callback',
  );
  if (!isDone) raise('unsent', undefined, attempt?.id);
}
