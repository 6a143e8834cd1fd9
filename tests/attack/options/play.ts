/** Plays a connection with one wrong option from its beginning to its end, in a process of its own. */
import { createRenderer, type RendererOptions } from 'vue';
import {
  createHeartbeatSocket,
  HeartbeatSocketError,
  type UseHeartbeatSocketReturn,
  useHeartbeatSocket,
} from '../../../src';
import { playAll } from '../support/play-all';
import { ALLOWED } from './allowed';
import { fakeTime, forgetTimers, pass, pendingTimers, settle } from './clock';
import { expectations } from './expectations';
import { FakeSocket, forgetWire, liveSockets, wire } from './server';
import { VALUES } from './values';

// biome-ignore lint/suspicious/noExplicitAny: the attack does what types forbid
type Anything = any;
type Socket = UseHeartbeatSocketReturn<Anything, Anything>;

/** What the play has come to: faults so far, and errors that the app was told of. */
interface Course {
  readonly faults: string[];
  readonly told: unknown[];
}

const isDevelopment = process.env.NODE_ENV !== 'production';

const nothing = (): null => null;
const { createApp } = createRenderer({
  ...Object.fromEntries(['insert', 'remove', 'patchProp', 'setText', 'setElementText'].map((name) => [name, nothing])),
  ...Object.fromEntries(['parentNode', 'nextSibling'].map((name) => [name, nothing])),
  ...Object.fromEntries(['createElement', 'createText', 'createComment'].map((name) => [name, () => ({})])),
} as unknown as RendererOptions<object, object>);

/** The options and the url of the app, of which one is wrong. */
function givenWith(path: string, value: unknown): { url: unknown; options: unknown } {
  const [group, name] = path.includes('.') ? (path.split('.') as [string, string]) : ['', path];
  if (path === 'url') return { url: value, options: {} };
  if (path === 'options') return { url: 'ws://server/', options: value };
  return { url: 'ws://server/', options: group ? { [group]: { [name]: value } } : { [name]: value } };
}

/** Makes the connection, with the composable or with the plugin. `end` ends it. */
function make(way: string, path: string, value: unknown, { told }: Course): { socket: Socket; end: () => void } {
  const { url, options } = givenWith(path, value);
  let socket: Socket | undefined;
  let thrown: unknown;
  const app = createApp({
    setup() {
      try {
        socket =
          way === 'useHeartbeatSocket'
            ? useHeartbeatSocket(url as Anything, options as Anything)
            : useHeartbeatSocket();
      } catch (error) {
        thrown = error;
      }
      return nothing;
    },
  });
  app.config.errorHandler = (error) => told.push(error);
  app.config.warnHandler = () => {};
  const all = path === 'options' ? options : { url, ...(options as object) };
  if (way === 'createHeartbeatSocket') app.use(createHeartbeatSocket(all as Anything));
  app.mount({} as Anything);
  if (!socket) throw thrown;
  return { socket, end: () => app.unmount() };
}

const isAtRest = ({ phase }: Socket): boolean => /^(idle|closed|failed|left)$/.test(phase.value);

/** In every state there is a deadline, a live socket, or rest. */
function check(when: string, socket: Socket, { faults }: Course): void {
  const live = liveSockets().length;
  const phase = socket.phase.value;
  const isOpen = phase === 'open' || phase === 'suspect';
  if (live > 1) faults.push(`${when}: ${live} live sockets`);
  if (isOpen && live !== 1) faults.push(`${when}: ${phase} without a live socket`);
  if (!isOpen && isAtRest(socket) && live) faults.push(`${when}: ${phase} with a live socket`);
  if (!isOpen && !isAtRest(socket) && !pendingTimers()) faults.push(`${when}: ${phase} without a deadline`);
}

const NONSENSE = /\[object|undefined|null|NaN|Infinity|Symbol|=>|function|class /;

async function play(way: string, path: string, name: string): Promise<string | undefined> {
  forgetWire();
  forgetTimers();
  const course: Course = { faults: [], told: [] };
  const isAllowed = ALLOWED[path]?.includes(name);
  let made: ReturnType<typeof make>;
  try {
    made = make(way, path, VALUES[name]?.(), course);
  } catch (thrown) {
    return faultOfThrown(thrown, path, !!isAllowed);
  }
  if (isDevelopment && !isAllowed) {
    made.end();
    return 'was accepted';
  }
  const expected = expectations(way, path, name);
  const names = (error: unknown): boolean =>
    `${(error as Error | undefined)?.message}`.includes(path.split('.').pop() ?? '');
  if (expected.isTold && !names(made.socket.error.value)) course.faults.push(`error is ${made.socket.error.value}`);
  await run(made.socket, made.end, course, expected);
  if (expected.isTold && !course.told.some(names)) course.faults.push('no error names the option');
  const all = [...wire.urls, ...wire.protocols, ...wire.messages];
  for (const text of all) if (NONSENSE.test(text)) course.faults.push(`on the wire: ${text}`);
  return course.faults.length ? course.faults.join('; ') : undefined;
}

/** What is wrong about what the call threw. */
function faultOfThrown(thrown: unknown, path: string, isAllowed: boolean): string | undefined {
  if (!isDevelopment) return `threw ${(thrown as Error).stack}`;
  if (isAllowed) return `was refused: ${thrown}`;
  if (!(thrown instanceof HeartbeatSocketError) || thrown.code !== 'option') return `threw ${(thrown as Error).stack}`;
  return thrown.message.startsWith(`option: ${path} must be `) && / received \S+/.test(thrown.message)
    ? undefined
    : `says ${thrown.message}`;
}

async function run(
  socket: Socket,
  end: () => void,
  course: Course,
  expected: ReturnType<typeof expectations>,
): Promise<void> {
  const { faults } = course;
  const step = async (when: string, ms: number, act: () => unknown = () => {}): Promise<void> => {
    act();
    await pass(ms);
    check(when, socket, course);
  };
  const server = (): FakeSocket | undefined => liveSockets()[0];
  const isOpen = (): boolean => socket.status.value === 'OPEN';
  await step('at first', 50);
  await settle();
  if (!isOpen()) await step('after open()', 50, socket.open);
  if (!isOpen() && expected.opens) faults.push(`did not open: ${socket.phase.value} ${socket.error.value}`);
  if (!isOpen() && !socket.error.value && !course.told.length && !expected.isQuiet) faults.push('no error');
  await step('with a message', 1, () => server()?.say('hello'));
  if (expected.reads && socket.data.value !== 'hello') faults.push(`data is ${String(socket.data.value)}`);
  await step('with a message of the app', 1, () => socket.send('sent by the app'));
  if (expected.writes && !wire.messages.includes('sent by the app')) faults.push('the message was not sent');
  const sent = wire.messages.length;
  await step('with heartbeats', 11_000);
  if (expected.beats && wire.messages.length === sent) faults.push('no heartbeat');
  await step('after 1006', 0, () => server()?.end(1006));
  await step('after the retry', 6_000);
  if (expected.retries && !isOpen()) faults.push(`did not come back: ${socket.phase.value}`);
  await step('after 4401', 20_000, () => server()?.end(4401));
  if (expected.endsAt4401 && socket.phase.value !== 'failed') faults.push(`${socket.phase.value} after 4401`);
  await step('after open() again', 50, socket.open);
  await step('after close()', 5_000, () => socket.close());
  if (!isAtRest(socket)) faults.push(`${socket.phase.value} after close()`);
  await step('after the last open()', 50, socket.open);
  await step('after the end', 0, end);
  if (expected.leaves && socket.phase.value !== 'left') faults.push(`${socket.phase.value} after the end`);
  if (!expected.leaves) await step('after the last close()', 0, () => socket.close());
  await pass(100_000);
  if (pendingTimers()) faults.push(`${pendingTimers()} timers after the end`);
}

fakeTime();
Object.assign(globalThis, {
  window: { WebSocket: FakeSocket, document: { baseURI: 'http://server/app/', hidden: false }, navigator: {} },
});
await playAll(play as (...names: string[]) => Promise<string | undefined>);
