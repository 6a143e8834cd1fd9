/** The signal that a page is left comes after the page's own handlers, so that a connection takes what these send. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { createPageSignals } from '../../src/browser/page-signals';
import { useHeartbeatSocket } from '../../src/vue/use-heartbeat-socket';
import { watchLeaks } from '../support/leaks';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();

/** What happened, in order. */
let order: string[];
let isHidden: boolean;
let stops: (() => void)[];

beforeEach(() => {
  order = [];
  stops = [];
  isHidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
});

afterEach(() => {
  for (const stop of stops) stop();
});

const fire = (type: string, persisted = true): void => {
  const event = Object.assign(new Event(type, { bubbles: true }), { persisted });
  (type === 'visibilitychange' ? document : window).dispatchEvent(event);
};

const turn = (hidden: boolean): void => {
  isHidden = hidden;
  fire('visibilitychange');
};

/** Adds a handler of the page until the test ends. */
function handle(target: EventTarget, type: string, name: string, isCapturing = false): void {
  const note = (): void => void order.push(name);
  target.addEventListener(type, note, isCapturing);
  stops.push(() => target.removeEventListener(type, note, isCapturing));
}

const handlePagehide = (name: string): void => handle(window, 'pagehide', name);

function handleVisibility(when: string): void {
  handle(document, 'visibilitychange', `document ${when}`);
  handle(window, 'visibilitychange', `window ${when}`);
  handle(window, 'visibilitychange', `capturing ${when}`, true);
}

/** A connection that listens. */
function connect(name = 'signal', signals = createPageSignals(window)): () => void {
  const stop = signals.listen((signal) => {
    if (signal !== 'hidden') order.push(`${name}: ${signal}`);
  });
  stops.push(stop);
  return stop;
}

test('a visible page that is left: the signal comes after each handler of pagehide and visibilitychange', () => {
  handlePagehide('before');
  handleVisibility('before');
  connect();
  handlePagehide('after');
  handleVisibility('after');
  fire('pagehide');
  expect(order).toEqual(['before', 'after']);
  turn(true);
  expect(order).toHaveLength(9);
  expect(order.at(-1)).toBe('signal: pagehide');
  vi.runAllTimers();
  expect(order).toHaveLength(9);
});

test('a hidden page that is left, or that closes itself: the signal comes after each handler of pagehide', () => {
  handlePagehide('before');
  connect();
  handlePagehide('after');
  turn(true);
  fire('pagehide');
  expect(order).toEqual(['before', 'after', 'signal: pagehide']);
});

test('a page that was hidden and looked at several times: the signal still comes last, and once', () => {
  connect();
  for (const round of [1, 2, 3]) {
    turn(true);
    turn(false);
    handlePagehide(`added after ${round}`);
  }
  turn(true);
  order = [];
  fire('pagehide');
  expect(order).toEqual(['added after 1', 'added after 2', 'added after 3', 'signal: pagehide']);
});

test('a page that was loaded in the background and never seen: handlers that it added while it loaded come first', () => {
  isHidden = true;
  connect();
  handlePagehide('after');
  fire('pageshow', false);
  fire('pagehide');
  expect(order).toEqual(['after', 'signal: pagehide']);
});

test('a page that fires no visibilitychange when it is left: the signal comes in the next task', () => {
  connect();
  fire('pagehide');
  fire('pagehide');
  expect(order).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(order).toEqual(['signal: pagehide']);
  turn(true);
  vi.runAllTimers();
  expect(order).toHaveLength(1);
});

test.each([
  ['pageshow', () => fire('pageshow')],
  ['visibilitychange', () => turn(false)],
  ['resume', () => fire('resume')],
])('a page that is back before the signal was given (%s) was not left', (name, comeBack) => {
  connect();
  fire('pagehide');
  comeBack();
  turn(true);
  vi.runAllTimers();
  expect(order).toEqual([`signal: ${name}`]);
});

test('each connection of a window hears once that the page is left, and those of another window do not', () => {
  const frame = document.body.appendChild(document.createElement('iframe'));
  const signals = createPageSignals(window);
  connect('one', signals);
  connect('two', signals);
  connect('other', createPageSignals(frame.contentWindow as Window));
  fire('pagehide');
  turn(true);
  expect(order).toEqual(['one: pagehide', 'two: pagehide']);
  frame.remove();
});

test('the last connection that ends while the page is left leaves no listener and no timer behind', () => {
  const leaks = watchLeaks();
  const signals = createPageSignals(window);
  const stop = [connect('one', signals), connect('two', signals)];
  const usual = leaks.listeners();
  turn(true);
  turn(false);
  expect([leaks.listeners(), leaks.timers()]).toEqual([usual, 0]);
  fire('pagehide');
  stop[0]?.();
  expect([leaks.listeners(), leaks.timers()]).toEqual([usual + 1, 1]);
  stop[1]?.();
  expect([leaks.listeners(), leaks.timers()]).toEqual([0, 0]);
});

test('who counts the calls that add and remove listeners counts as many of each', () => {
  const added = vi.spyOn(window, 'addEventListener');
  const removed = vi.spyOn(window, 'removeEventListener');
  const stop = connect();
  for (let round = 0; round < 2; round += 1) {
    fire('pagehide');
    turn(true);
    turn(false);
    fire('pageshow');
  }
  stop();
  expect(added).toHaveBeenCalled();
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});

test('the last words of a page go over its connection, and none of them opens the next session', () => {
  const scope = effectScope(true);
  const { send, phase } = scope.run(() =>
    useHeartbeatSocket('ws://server/', { WebSocket: fake.WebSocket, heartbeat: false }),
  ) as ReturnType<typeof useHeartbeatSocket>;
  fake.newest.accept();
  const first = fake.newest;
  const speak = ({ type }: Event): unknown => document.hidden === (type !== 'pagehide') && send(type);
  for (const type of ['pagehide', 'visibilitychange']) {
    window.addEventListener(type, speak);
    stops.push(() => window.removeEventListener(type, speak));
  }
  fire('pagehide');
  expect(first.closedWith).toBeUndefined();
  turn(true);
  expect([first.sent, first.closedWith, phase.value]).toEqual([
    ['pagehide', 'visibilitychange'],
    [1000, 'page hidden'],
    'idle',
  ]);
  turn(false);
  fire('pageshow');
  fake.newest.accept();
  expect([fake.sockets.length, fake.newest.sent]).toEqual([2, []]);
  scope.stop();
});
