import { HeartbeatSocketError } from '../../core/errors.js';
import type { DropReason } from '../../core/outbox.js';
import { engineOf, followEngine } from '../engine-of.js';
import { onOwnScopeEnd } from '../scope.js';
import type { UseHeartbeatSocketReturn } from '../socket-return.js';
import { handOver } from './hand-over.js';
import { createPendingRequests, type Pending, type PendingRequests } from './pending-requests.js';

/** Options of one request. */
export interface RequestOptions {
  /** ms until the request rejects with the code `timeout`, counted from the call. Infinity: it waits. Default: that of `useRequests`. */
  timeout?: number | undefined;
  /** Aborts the request: it rejects with the reason of the signal, as `fetch` does. */
  signal?: AbortSignal | undefined;
}

/** Options of all requests of one {@link useRequests}. */
export interface RequestDefaults {
  /** ms until a request rejects with the code `timeout`. Default: 10_000. */
  timeout?: number | undefined;
}

/** How a question and its answer belong together, where one field of both is not enough. */
export interface RequestProtocol<Read, Write, Question, Answer> {
  /** Makes the message that is sent: `value` with the number `id` in it. It must be another message each time. */
  tag: (value: Question, id: number) => Write;
  /** Reads the number out of a message. Anything else: the message answers no question. Asked for each message while one is expected. */
  idOf: (message: Read) => unknown;
  /** The error that an answer tells of: the request rejects with it, as it is. Undefined or null: the answer is none. Default: none is. */
  errorOf?: ((message: Read) => unknown) | undefined;
  /** What the request resolves with. Default: the whole message. */
  resultOf?: ((message: Read) => Answer) | undefined;
}

/** A message without the field that `useRequests` fills in. */
export type WithoutField<Write, Field extends string> = unknown extends Write
  ? // biome-ignore lint/suspicious/noExplicitAny: what may be sent is not known
    any
  : Write extends object
    ? Omit<Write, Field>
    : never;

/** Asks one question. */
export type SendRequest<Question, Read> = <Answer extends Read = Read>(
  value: Question,
  options?: RequestOptions,
) => Promise<Answer>;

/** Questions and answers that have the number in the same field. */
const byField = (field: string): RequestProtocol<unknown, unknown, unknown, unknown> => ({
  tag: (value, id) => ({ ...(value as object), [field]: id }),
  idOf: (message) => Object(message)[field],
});

const leftError = (): HeartbeatSocketError => new HeartbeatSocketError('left', 'the scope of the request has ended');

/**
 * Asks a server questions, and waits for the answers: `request(value)` sends a message and returns a promise of the one that answers it.
 * Any number may be under way, and the answers may come in any order. Neither `onMessage`, `data` nor `on('received')` gets an answer;
 * `onEvent` does.
 *
 * Each request has a number that no other request of the connection has, also where several components hold the connection. It stands in
 * `field` of the question and of its answer; any other protocol is a {@link RequestProtocol}.
 *
 * A request that cannot be handed over yet is kept in the buffer as any message, in its order, and waits for the next connection. It
 * rejects with a {@link HeartbeatSocketError} whose `code` says why:
 * - `timeout`: no answer within `timeout`. If it is still in the buffer, it is not sent. If its answer comes later, nobody gets it.
 * - `lost`: the connection ended before the answer came. The server may or may not have done what was asked; to ask again is yours. With
 *   `delivery: atLeastOnce()` it does not reject: the question goes again on the next connection, until it is answered, so the server
 *   may get it twice.
 * - `closed`: by `close()`. `left`: the scope has ended in which `useRequests` was called, or the connection's own.
 * - `dropped`: it will not be sent, for the reason in `cause.reason`: see `buffer`.
 * - `serializer`, `send`: it cannot be sent as it is. `onError` hears of that, too.
 *
 * With an aborted `signal` it rejects with the reason of the signal, and with an error answer with what `errorOf` gives. What `tag`,
 * `errorOf` or `resultOf` throws rejects it as well; what `idOf` throws goes to `onError`.
 *
 * @param socket What `useHeartbeatSocket` returned.
 * @param field The field with the number, or a {@link RequestProtocol}.
 * @param defaults `timeout` for all requests, in ms.
 *
 * @example
 * const request = useRequests(socket, 'id')
 * const user = await request<User>({ method: 'user', name: 'Ann' }, { timeout: 2_000 })
 *
 * @example
 * // JSON-RPC 2.0
 * const call = useRequests(socket, {
 *   tag: ({ method, params }: Call, id) => ({ jsonrpc: '2.0', method, params, id }),
 *   idOf: (message) => message.id,
 *   errorOf: (message) => message.error,
 *   resultOf: (message) => message.result,
 * })
 * const sum = await call({ method: 'add', params: [1, 2] })
 */
export function useRequests<Read, Write, Field extends string>(
  socket: UseHeartbeatSocketReturn<Read, Write>,
  field: Field,
  defaults?: RequestDefaults,
): SendRequest<WithoutField<Write, Field>, Read>;
export function useRequests<Read, Write, Question = Write, Answer = Read>(
  socket: UseHeartbeatSocketReturn<Read, Write>,
  protocol: RequestProtocol<Read, Write, Question, Answer>,
  defaults?: RequestDefaults,
): SendRequest<Question, Answer>;
export function useRequests(
  // biome-ignore lint/suspicious/noExplicitAny: the overloads type it
  socket: UseHeartbeatSocketReturn<any, any>,
  how: string | RequestProtocol<unknown, unknown, unknown, unknown>,
  defaults: RequestDefaults = {},
): SendRequest<unknown, unknown> {
  const { tag, idOf, errorOf, resultOf } = typeof how === 'string' ? byField(how) : how;
  let requests: PendingRequests;
  let isOver = false;
  followEngine(socket, (engine) => {
    const own = createPendingRequests(engine, idOf);
    requests = own;
    return () => own.giveUpAll(leftError());
  });
  onOwnScopeEnd(() => {
    isOver = true;
    requests?.giveUpAll(leftError());
  });

  return (value, { timeout = defaults.timeout ?? 10_000, signal } = {}) =>
    // What is thrown in here rejects the promise.
    new Promise<never>((resolve, reject) => {
      if (isOver) throw leftError();
      if (signal?.aborted) throw signal.reason;
      if (process.env.NODE_ENV !== 'production' && !(timeout > 0)) {
        throw new HeartbeatSocketError('option', `timeout must be a number of ms above 0, received ${timeout}`);
      }
      // The caller may be about to move to another connection.
      const engine = engineOf(socket);
      const own = requests;
      const id = own.nextId();
      const message = tag(value, id);
      const stop = (): void => {
        cancel?.();
        signal?.removeEventListener('abort', onAbort);
      };
      const pending: Pending = {
        id,
        message,
        answered(answer) {
          stop();
          try {
            const error = errorOf?.(answer) ?? undefined;
            if (error !== undefined) reject(error);
            else resolve((resultOf ? resultOf(answer) : answer) as never);
          } catch (thrown) {
            reject(thrown);
          }
        },
        failed(reason) {
          stop();
          reject(reason);
        },
      };
      const onAbort = (): void => own.giveUp(pending, signal?.reason);
      const onTimeout = (): void =>
        own.giveUp(pending, new HeartbeatSocketError('timeout', `no answer within ${timeout} ms`));
      const cancel = timeout < Infinity ? engine.clock.after(timeout, onTimeout) : undefined;
      signal?.addEventListener('abort', onAbort);
      own.add(pending);
      const settled = (reason?: DropReason): void => {
        if (reason) own.dropped(pending, reason);
      };
      const taken = handOver(engine, message, { isRequest: true, settled });
      if (typeof taken !== 'boolean') own.fail(pending, taken);
      else if (taken) own.handedOver(pending);
    });
}
