import { computed, shallowRef } from 'vue';
import { backoff, useHeartbeatSocket } from 'vue-heartbeat-socket';
import { pass } from './identity.ts';
import {
  CONTROL_PATH,
  type ControlMessage,
  type ControlRequest,
  type Figures,
  type LastingFault,
} from './protocol/control.ts';
import { serverBase } from './server-address.ts';
import { serverUrl } from './server-url.ts';

type Done = Extract<ControlMessage, { type: 'done' }>;

/** The connection beside those under test: the server tells the page its id and token and its own figures, and the page asks for faults. */
export function useControl(onDone: (done: Done) => void, onLost: () => void) {
  const figures = shallowRef<Figures>();
  const lasting = shallowRef<readonly LastingFault[]>([]);
  const hasServer = shallowRef(false);

  const { status, failures, send, open } = useHeartbeatSocket<ControlMessage, ControlRequest>(
    new URL(CONTROL_PATH, serverBase),
    {
      // The token is asked for with each attempt, and a new one is no reason to connect anew.
      beforeConnect: () => serverUrl(CONTROL_PATH),
      serializer: 'json',
      autoReconnect: { delay: backoff({ first: 1_000, max: 4_000 }) },
      onDisconnected() {
        figures.value = undefined;
        lasting.value = [];
        onLost();
      },
      onMessage(_ws, _event, message) {
        if (message.type === 'done') onDone(message);
        else if (message.type === 'visitor') {
          const { id, token } = message;
          pass.value = { id, token };
          hasServer.value = true;
        } else {
          figures.value = message.figures;
          lasting.value = message.lasting;
        }
      },
    },
  );

  return {
    figures,
    lasting,
    /** There is, or was, a server to play with. */
    hasServer,
    isConnected: computed(() => status.value === 'OPEN'),
    /** Asked, and there was no answer. */
    isAlone: computed(() => !hasServer.value && failures.value > 0),
    // Not buffered: a fault that comes when nobody expects it any more is no help.
    ask: (request: ControlRequest): boolean => send(request, false),
    open,
  };
}
