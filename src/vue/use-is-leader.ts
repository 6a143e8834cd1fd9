import { type ShallowRef, shallowReadonly, shallowRef } from 'vue';
import { viewOf } from '../core/view.js';
import { engineNow, followEngine } from './engine-of.js';
import type { UseHeartbeatSocketReturn } from './socket-return.js';

/**
 * Whether this tab holds the connection that tabs share by `share: tabs()`. Follows the lead until the calling scope ends. False for a
 * connection that tabs do not share, and where the browser lacks what tabs need. To be told of a change, use `on('lead')`.
 *
 * @param socket What `useHeartbeatSocket` returned.
 *
 * @example
 * const socket = useHeartbeatSocket('/prices', { share: tabs() })
 * const isLeader = useIsLeader(socket)
 */
// biome-ignore lint/suspicious/noExplicitAny: one shape serves every type of message
export function useIsLeader(socket: UseHeartbeatSocketReturn<any, any>): Readonly<ShallowRef<boolean>> {
  const isLeader = shallowRef(false);
  // A caller that has left follows nothing. One that moves may come to a connection whose lead does not change.
  if (engineNow(socket)) {
    followEngine(socket, (engine) => {
      isLeader.value = !!viewOf(engine).isLeader;
      return () => {
        isLeader.value = false;
      };
    });
  }
  socket.on('lead', (event) => {
    isLeader.value = event.isLeader;
  });
  return shallowReadonly(isLeader);
}
