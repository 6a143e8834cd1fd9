import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHistory } from '../../playground/timeline/history';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the last minute shows no phase, no fault and no message of the minutes before, though nothing new has happened', () => {
  const history = createHistory();
  history.enterNaive('connecting');
  history.arrived('naive');
  history.faultBegan('cut', false);
  history.faultBegan('mute', true);
  history.record({ type: 'answered', latency: 1, at: Date.now(), socket: 1, phase: 'open', cause: 'message' });
  vi.advanceTimersByTime(1_000);
  history.enterNaive('open');
  vi.advanceTimersByTime(120_000);
  history.forget();
  expect(history.states.naive.map(({ state }) => state)).toEqual(['open']);
  expect(history.arrivals.naive).toEqual([]);
  expect(history.events).toEqual([]);
  expect(history.faults.value.map(({ fault }) => fault)).toEqual(['mute']);
});
