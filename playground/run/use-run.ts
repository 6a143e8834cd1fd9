import { useIntervalFn } from '@vueuse/core';
import { computed, type EffectScope, effectScope, onScopeDispose, shallowRef } from 'vue';
import { type ControlRequest, type Fault, LASTING_FAULTS, MOMENTARY_FAULTS } from '../protocol/control.ts';
import { RUN_EVERY, RUN_LENGTH } from '../protocol/run.ts';
import { type RunConnection, useRunConnection } from './run-connection.ts';

/** With proof of delivery, and without. */
export const WAYS = ['proof', 'plain'] as const;
export type Way = (typeof WAYS)[number];

/** `settling`: all is sent, and some of it may still arrive. `late`: not all has arrived in time. */
export type RunState = 'ready' | 'running' | 'settling' | 'done' | 'late' | 'stopped';

/** ms after the start at which the fault happens, and for how long it lasts if it is one that lasts. */
const FAULT_AT = 3_000;
export const FAULT_LASTS = 4_000;

/** ms without news after which nothing more is expected, and ms after which nobody waits any more. */
const QUIET = 1_500;
const PATIENCE = 60_000;

/** The close code of the fault `close`: one after which a client comes back. */
const CLOSE_CODE = 1011;

/** Runs of numbered messages over two connections, with a fault in the middle. The last one ends with the current scope. */
export function useRun(ask: (request: ControlRequest) => void) {
  const state = shallowRef<RunState>('ready');
  const connections = shallowRef<Record<Way, RunConnection>>();
  let scope: EffectScope | undefined;

  function end(how: RunState): void {
    scope?.stop();
    scope = undefined;
    state.value = how;
  }

  function start(fault: Fault): void {
    end('running');
    scope = effectScope(true);
    scope.run(() => run(fault));
  }

  function run(fault: Fault): void {
    const name = Math.random().toString(36).slice(2);
    const both = { proof: useRunConnection(`${name}-proof`, true), plain: useRunConnection(`${name}-plain`, false) };
    connections.value = both;
    const meet = useFault(fault, ask);
    const startedAt = performance.now();
    // By the clock: the timers of a hidden page are late.
    useIntervalFn(() => {
      const elapsed = performance.now() - startedAt;
      meet(elapsed);
      const number = Math.min(RUN_LENGTH, Math.floor(elapsed / RUN_EVERY));
      for (const way of WAYS) both[way].sendUpTo(number);
      if (number === RUN_LENGTH) state.value = 'settling';
      if (WAYS.every((way) => both[way].isOver(QUIET))) end('done');
      else if (elapsed > PATIENCE) end('late');
    }, RUN_EVERY);
  }

  onScopeDispose(() => end('stopped'));

  return {
    state,
    /** What each way has come to; undefined before the first run. */
    figures: computed(() => {
      const both = connections.value;
      return both && { proof: both.proof.figures.value, plain: both.plain.figures.value };
    }),
    isUnderWay: computed(() => state.value === 'running' || state.value === 'settling'),
    start,
    stop: (): void => end('stopped'),
  };
}

/** Lets a fault happen when so many ms have gone by. One that lasts is lifted later, and with the current scope. */
function useFault(fault: Fault, ask: (request: ControlRequest) => void): (elapsed: number) => void {
  const lasting = LASTING_FAULTS.find((one) => one === fault);
  const momentary = MOMENTARY_FAULTS.find((one) => one === fault);
  let isOn = false;
  let hasHappened = false;

  function lift(): void {
    if (lasting && isOn) ask({ type: 'set', fault: lasting, on: false });
    isOn = false;
  }
  onScopeDispose(lift);

  return (elapsed) => {
    if (elapsed >= FAULT_AT && !hasHappened) {
      hasHappened = true;
      isOn = true;
      if (lasting) ask({ type: 'set', fault: lasting, on: true });
      if (momentary) ask({ type: 'strike', fault: momentary, code: CLOSE_CODE });
    }
    if (elapsed >= FAULT_AT + FAULT_LASTS) lift();
  };
}
