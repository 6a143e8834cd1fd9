import { useTimeoutFn } from '@vueuse/core';
import {
  type DefineSetupFnComponent,
  defineComponent,
  getCurrentInstance,
  h,
  shallowRef,
  type VNode,
  type VNodeArrayChildren,
  watch,
} from 'vue';
import type { Phase } from '../../core/phase.js';
import { isOnServer } from '../injection.js';
import type { HeartbeatSocketLabels } from './status-labels.js';

interface StatusTextProps {
  phase: Phase;
  retryInMs: number | undefined;
  labels: HeartbeatSocketLabels;
  announceAfter: number;
  open: () => void;
}

/**
 * Hides an element from view, but not from screen readers. The package ships no CSS, and a content security policy may
 * forbid the attribute `style` in what a server renders. No policy forbids a script to set the style of an element.
 */
const hide = ({ el }: VNode): void => {
  const { style } = el as HTMLElement;
  style.position = 'absolute';
  style.width = style.height = '1px';
  style.overflow = 'hidden';
  style.clipPath = 'inset(50%)';
  style.whiteSpace = 'nowrap';
};

/**
 * Whether the library tries to connect. During an outage the phases connecting and waiting alternate. A screen reader
 * that has announced one of them need not announce the other.
 */
const isTrying = (phase: Phase): boolean => phase === 'connecting' || phase === 'waiting';

/** Whether screen readers need not announce `phase`, since they have announced the same. */
const isKnown = (phase: Phase, announced: Phase): boolean =>
  phase === announced || (isTrying(phase) && isTrying(announced));

/**
 * Whether the button to try at once is shown. After a `close()` the user does not want to try, and without a url no
 * attempt is possible.
 */
const canTry = (phase: Phase): boolean => phase === 'waiting' || phase === 'offline' || phase === 'failed';

/**
 * What `<HeartbeatSocketStatus>` renders without a slot. The visible text follows the phase at once. Screen readers get
 * a second text, which changes only when a phase has lasted for `announceAfter`: otherwise each short loss would
 * interrupt a user who listens to the page. The countdown stands outside of the second text, since a screen reader
 * would read out a live region that counts each second.
 */
export const StatusText: DefineSetupFnComponent<StatusTextProps> = /* @__PURE__ */ defineComponent(
  (props: StatusTextProps) => {
    const announced = shallowRef(props.phase);
    // The text for screen readers is hidden by a script. What a server renders, and what the page hydrates, has no such
    // text: screen readers get the visible one until the first announcement.
    const isSilent = shallowRef(isOnServer() || !!getCurrentInstance()?.vnode.el);
    // The user may have started this attempt with the button. The button then stays, disabled: if it were removed, the
    // page would lose the focus.
    const isTried = shallowRef(false);
    const { start, stop, isPending } = useTimeoutFn(
      () => {
        announced.value = props.phase;
        isSilent.value = false;
      },
      () => props.announceAfter,
      { immediate: false },
    );
    watch(
      () => props.phase,
      (phase, before) => {
        isTried.value = phase === 'connecting' && (canTry(before) || isTried.value);
        if (isKnown(phase, announced.value)) stop();
        // A further change of phase does not restart the wait: otherwise an outage with many changes would never be
        // announced.
        else if (!isPending.value) start();
      },
    );

    return (): VNode => {
      const { phase, retryInMs, labels, open } = props;
      const parts: VNodeArrayChildren = [
        h('span', isSilent.value ? {} : { 'aria-hidden': 'true' }, labels[phase]),
        h(
          'span',
          { role: 'status', 'aria-live': 'polite', onVnodeBeforeMount: hide },
          isSilent.value ? '' : labels[announced.value],
        ),
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
