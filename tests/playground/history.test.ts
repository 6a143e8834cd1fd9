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

test('who leads is known from the first connection on, and each change of the lead has its time', () => {
  const history = createHistory();
  const about = { socket: 1, phase: 'open', cause: 'message' } as const;
  const from = Date.now();
  history.record({ type: 'opened', isFirst: true, lostAt: undefined, cursor: undefined, at: from, ...about });
  history.record({ type: 'lead', isLeader: true, at: from + 10, ...about });
  history.record({ type: 'opened', isFirst: false, lostAt: from, cursor: undefined, at: from + 20, ...about });
  expect(history.leads).toEqual([
    { from, to: from + 10, state: 'another tab leads' },
    { from: from + 10, state: 'this tab leads' },
  ]);
  vi.advanceTimersByTime(120_000);
  history.forget();
  expect(history.leads.map(({ state }) => state)).toEqual(['this tab leads']);
});
