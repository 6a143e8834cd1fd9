/** A client that meets one server: it writes down what the library made of it, in a page or in Node. */
import { effectScope } from 'vue';
import { type HeartbeatSocketEvent, type Phase, useHeartbeatSocket } from 'vue-heartbeat-socket';

/** What the client is told, as plain data: it may have to travel into a page. */
export interface Meeting {
  readonly url: string;
  readonly options: {
    readonly protocols?: string[];
    readonly connectTimeout?: number;
    readonly heartbeat?: false | { readonly interval: number; readonly pongTimeout: number };
  };
  /** ms after which the client reports, however far things are. */
  readonly limit: number;
}

export interface Report {
  /** Whether the server has said back what it was told, in the end. */
  readonly isWell: boolean;
  /** Each phase in order, `suspect` left out: whether a heartbeat is overdue for a moment is luck. */
  readonly phases: Phase[];
  /** Code and close code of each error. */
  readonly errors: (readonly [code: string, closeCode: number | undefined])[];
  readonly reasons: string[];
  /** How many sockets were made, how many are live, and how many were live at once. */
  readonly sockets: { readonly made: number; readonly live: number; readonly most: number };
  /** Where the phase said what the sockets did not. */
  readonly wrong: string[];
  /** Messages for the app, and how much text they had. */
  readonly received: number;
  readonly characters: number;
  /** How often a timer of 10 ms fired from when the socket was first open to the report. */
  readonly ticks: number;
  /** `onConnected` and `onDisconnected`, in order. */
  readonly told: string[];
}

/** What the client says when it is connected. It waits for the same from the server. */
export const HELLO = 'hello';

/** The runtime's WebSocket, which counts its live instances. */
function countingSocket() {
  const all: WebSocket[] = [];
  const live = (): number => all.filter(({ readyState }) => readyState < 2).length;
  let most = 0;
  class Counting extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      all.push(this);
      most = Math.max(most, live());
    }
  }
  return { WebSocket: Counting, count: () => ({ made: all.length, live: live(), most }) };
}

/** Connects, and reports when the server is well, or when time is up. A connection that has given up is opened once. */
export function meet({ url, options, limit }: Meeting): Promise<Report> {
  const { WebSocket, count } = countingSocket();
  const scope = effectScope();
  const phases: Phase[] = ['connecting'];
  const errors: [string, number | undefined][] = [];
  const reasons: string[] = [];
  const wrong: string[] = [];
  const told: string[] = [];
  let received = 0;
  let characters = 0;
  let ticks = 0;
  let isOver = false;
  const timer = setInterval(() => {
    if (told.length) ticks += 1;
  }, 10);

  return new Promise((resolve) => {
    const report = (isWell: boolean): void => {
      clearTimeout(alarm);
      clearInterval(timer);
      const sockets = count();
      isOver = true;
      scope.stop();
      resolve({ isWell, phases, errors, reasons, sockets, wrong, received, characters, ticks, told });
    };
    const alarm = setTimeout(report, limit, false);
    const hear = (event: HeartbeatSocketEvent): void => {
      if (isOver) return;
      if (event.type === 'changed') note(event.phase);
      if (event.type === 'erred') {
        const { code, closeCode, message } = event.error;
        errors.push([code, closeCode]);
        // A message is for people.
        if (/\[object|undefined|null|NaN/.test(message)) wrong.push(message);
      }
      if (event.type === 'ended') reasons.push(event.reason);
    };
    const note = (phase: Phase): void => {
      if (phase === 'suspect' || phase === phases.at(-1)) return;
      phases.push(phase);
      if (phase === 'failed') setTimeout(socket.open);
      // What follows from an event has been done when its task has ended.
      queueMicrotask(compare);
    };
    const compare = (): void => {
      const phase = socket.phase.value;
      const { live } = count();
      const isOpen = phase === 'open';
      if (isOpen !== (socket.ws.value?.readyState === 1)) wrong.push(`${phase}, ${socket.ws.value?.readyState}`);
      if (live > 1 || (live === 1 && !isOpen && phase !== 'connecting')) wrong.push(`${phase}, ${live} live`);
    };
    const socket = scope.run(() =>
      useHeartbeatSocket<string, string>(url, {
        ...options,
        WebSocket,
        autoReconnect: { delay: 20 },
        onConnected: () => {
          told.push('connected');
          socket.send(HELLO, false);
        },
        onDisconnected: (_, { code }) => isOver || told.push(`disconnected ${code}`),
        onMessage(_, __, value) {
          if (value === HELLO) return report(true);
          received += 1;
          characters += typeof value === 'string' ? value.length : 0;
        },
        onEvent: hear,
      }),
    ) as ReturnType<typeof useHeartbeatSocket<string, string>>;
  });
}
