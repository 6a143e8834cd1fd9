import { useTimeoutFn } from '@vueuse/core';
import {
  type DefineSetupFnComponent,
  defineComponent,
  h,
  type StyleValue,
  shallowRef,
  type VNode,
  type VNodeArrayChildren,
  watch,
} from 'vue';
import type { Phase } from '../core/connection-state.js';
import type { HeartbeatSocketLabels } from './status-labels.js';

interface StatusTextProps {
  phase: Phase;
  retryInMs: number | undefined;
  labels: HeartbeatSocketLabels;
  announceAfter: number;
  open: () => void;
}

/** Seen by nobody, read by screen readers. Inline, since the package ships no CSS. */
const UNSEEN: StyleValue = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
};

/** Attempts and the waits between them take turns for as long as an outage lasts: who was told of one need not hear of each. */
const isTrying = (phase: Phase): boolean => phase === 'connecting' || phase === 'waiting';

const isKnown = (phase: Phase, announced: Phase): boolean =>
  phase === announced || (isTrying(phase) && isTrying(announced));

/** Where somebody may want to try at once. After a `close()` nobody does; without a url nothing can be tried. */
const canTry = (phase: Phase): boolean => phase === 'waiting' || phase === 'offline' || phase === 'failed';

/**
 * The default look of `<HeartbeatSocketStatus>`. What is seen follows the phase at once. What is announced is a text of its own,
 * which changes only when a phase has lasted: else each blink of the network would interrupt who listens to the page. The countdown
 * stands outside of it: a live region that counts is read out each second.
 */
export const StatusText: DefineSetupFnComponent<StatusTextProps> = /* @__PURE__ */ defineComponent(
  (props: StatusTextProps) => {
    const announced = shallowRef(props.phase);
    // An attempt that the button began, or might have: taken away, it would take the focus with it.
    const isTried = shallowRef(false);
    const { start, stop, isPending } = useTimeoutFn(
      () => {
        announced.value = props.phase;
      },
      () => props.announceAfter,
      { immediate: false },
    );
    watch(
      () => props.phase,
      (phase, before) => {
        isTried.value = phase === 'connecting' && (canTry(before) || isTried.value);
        if (isKnown(phase, announced.value)) stop();
        // Further changes do not put it off: an outage that goes through several phases is announced all the same.
        else if (!isPending.value) start();
      },
    );

    return (): VNode => {
      const { phase, retryInMs, labels, open } = props;
      const parts: VNodeArrayChildren = [
        h('span', { 'aria-hidden': 'true' }, labels[phase]),
        h('span', { role: 'status', 'aria-live': 'polite', style: UNSEEN }, labels[announced.value]),
      ];
      if (retryInMs !== undefined) parts.push(' ', h('small', labels.retryIn(Math.ceil(retryInMs / 1_000))));
      const button = isTried.value ? { 'aria-disabled': 'true' as const } : { onClick: open };
      if (isTried.value || canTry(phase)) {
        parts.push(' ', h('button', { key: 'try', type: 'button', ...button }, labels.tryNow));
      }
      return h('span', { 'data-phase': phase }, parts);
    };
  },
  { name: 'HeartbeatSocketStatusText', props: ['phase', 'retryInMs', 'labels', 'announceAfter', 'open'] },
);
