import type { ConnectionListener } from './connection-types.js';
import type { HeartbeatSocketEvent, LogDetails, LogEntry } from './log-event.js';

export interface Listeners {
  readonly listeners: Set<ConnectionListener>;
  /** Tells those who log. */
  log<Type extends keyof LogDetails>(type: Type, detail: LogDetails[Type]): void;
  /** Tells those who listen for `name`, and answers whether anybody does. */
  tell(name: keyof ConnectionListener, args: unknown[], to?: Iterable<ConnectionListener>): boolean;
}

/**
 * Those who hear what happens to a connection. `where` says where it stands, for the log. What a listener throws goes to
 * `failed`, with whom to tell of it: itself, unless it has just been told of an error. What a log throws goes to `unhandled`.
 */
export function createListeners(
  where: () => Omit<LogEntry<never>, 'type'>,
  failed: (code: 'callback', thrown: unknown, to: ConnectionListener[]) => void,
  unhandled: (thrown: unknown) => void,
): Listeners {
  const listeners = new Set<ConnectionListener>();
  return {
    listeners,
    log(type, detail) {
      for (const { onEvent } of listeners) {
        try {
          onEvent?.({ type, ...where(), ...detail } as HeartbeatSocketEvent);
        } catch (thrown) {
          unhandled(thrown);
        }
      }
    },
    tell(name, args, to = listeners) {
      let heard = false;
      for (const listener of to) {
        const callback = listener[name] as ((...args: unknown[]) => void) | undefined;
        heard ||= !!callback;
        try {
          callback?.(...args);
        } catch (thrown) {
          failed('callback', thrown, name === 'onError' ? [] : [listener]);
        }
      }
      return heard;
    },
  };
}
