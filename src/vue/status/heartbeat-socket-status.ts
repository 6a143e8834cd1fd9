import { useIntervalFn } from '@vueuse/core';
import {
  type DefineSetupFnComponent,
  defineComponent,
  getCurrentInstance,
  h,
  inject,
  onMounted,
  type PropType,
  type SlotsType,
  shallowRef,
  unref,
  type VNode,
  watch,
} from 'vue';
import { appSocketKey } from '../injection.js';
import type { HeartbeatSocketHandle } from '../plugin.js';
import { englishLabels, type HeartbeatSocketLabels } from './status-labels.js';
import { StatusText } from './status-text.js';

/** A connection to show: what `useHeartbeatSocket` returned, or `$heartbeatSocket`. */
export type ShownSocket = Pick<
  { [Key in keyof HeartbeatSocketHandle]: unknown },
  'phase' | 'status' | 'latency' | 'retryAt' | 'open' | 'close'
>;

/** The props that the slot of `<HeartbeatSocketStatus>` gets. */
export interface HeartbeatSocketStatusSlot
  extends Pick<HeartbeatSocketHandle, 'phase' | 'status' | 'latency' | 'open' | 'close'> {
  /** ms until the next attempt, counted down each second; undefined when none is planned. */
  readonly retryInMs: number | undefined;
}

/** Props of `<HeartbeatSocketStatus>`. All of them may change while the component is mounted. */
export interface HeartbeatSocketStatusProps {
  /** The connection to show: what `useHeartbeatSocket` returned. Default: the app's own connection. */
  socket?: ShownSocket | undefined;
  /**
   * The words that are shown without a slot. A word that is left out is English; `chineseLabels` is complete. Default
   * `englishLabels`.
   *
   * @example
   * <HeartbeatSocketStatus :labels="{ open: 'Live', tryNow: 'Retry' }" />
   */
  labels?: Partial<HeartbeatSocketLabels> | undefined;
  /**
   * ms that a change must last before screen readers announce it. The visible text changes at once. Screen readers do
   * not announce a loss that is over sooner, and they announce a long outage once, not with each attempt. No effect
   * with a slot. Default 2_000.
   */
  announceAfter?: number | undefined;
}

/** The connection to show when there is neither the prop `socket` nor an app's own connection. */
const NO_SOCKET: ShownSocket = {
  phase: 'idle',
  status: 'CLOSED',
  latency: undefined,
  retryAt: undefined,
  open() {},
  close() {},
};

/**
 * Shows the state of a connection. With a slot the component renders the slot alone.
 *
 * Without a slot the component renders a `<span data-phase="…">`, which CSS can select by phase. The component brings
 * no CSS. The span contains the text of the phase, a countdown to the next attempt in a `<small>`, and, in the phases
 * waiting, offline and failed, a `<button>` that makes an attempt at once. A second text is for screen readers
 * (`role="status"`, polite). It changes when a phase has lasted for `announceAfter`, and has no countdown. A script
 * hides it from view, as every content security policy allows; a server renders it empty.
 *
 * @example
 * <HeartbeatSocketStatus v-slot="{ status, retryInMs, open }">
 *   {{ status }} <button v-if="retryInMs" @click="open">Try now</button>
 * </HeartbeatSocketStatus>
 */
export const HeartbeatSocketStatus: DefineSetupFnComponent<
  HeartbeatSocketStatusProps,
  // biome-ignore lint/complexity/noBannedTypes: the form Vue documents for "no emits"
  {},
  SlotsType<{ default: HeartbeatSocketStatusSlot }>
> = /* @__PURE__ */ defineComponent(
  (props: HeartbeatSocketStatusProps, { slots }) => {
    const app = inject(appSocketKey, undefined)?.handle.socket;
    // The connection holds refs, or is a handle that has unwrapped them. Each value is read only when it is shown, so
    // that a message does not render the component again.
    const shown = <Name extends keyof ShownSocket>(name: Name) =>
      unref((props.socket ?? app ?? NO_SOCKET)[name]) as HeartbeatSocketHandle[Name];

    // The server has rendered the phase 'idle', and hydration must render the same.
    const hydrating = shallowRef(!!getCurrentInstance()?.vnode.el);
    onMounted(() => {
      hydrating.value = false;
    });

    const retryInMs = shallowRef<number>();
    const count = (): void => {
      const retryAt = shown('retryAt');
      retryInMs.value = retryAt && Math.max(0, retryAt - Date.now());
    };
    const ticks = useIntervalFn(count, 1_000, { immediate: false });
    watch(
      () => shown('retryAt'),
      (retryAt) => {
        count();
        if (retryAt) ticks.resume();
        else ticks.pause();
      },
      { immediate: true, flush: 'sync' },
    );

    return (): VNode | VNode[] | undefined => {
      const phase = hydrating.value ? 'idle' : shown('phase');
      const status = hydrating.value ? 'CLOSED' : shown('status');
      const retry = hydrating.value ? undefined : retryInMs.value;
      const latency = hydrating.value ? undefined : shown('latency');
      const open = shown('open');
      const close = shown('close');
      const own = slots.default?.({ phase, status, latency, retryInMs: retry, open, close });
      // Vue passes class and attributes on, and allows a transition, only if the component has one root.
      if (own) return own.length === 1 ? own[0] : own;
      return h(StatusText, {
        phase,
        retryInMs: retry,
        labels: { ...englishLabels, ...props.labels },
        announceAfter: props.announceAfter as number,
        open,
      });
    };
  },
  {
    name: 'HeartbeatSocketStatus',
    props: {
      socket: Object as PropType<ShownSocket>,
      labels: Object as PropType<Partial<HeartbeatSocketLabels>>,
      announceAfter: { type: Number, default: 2_000 },
    },
  },
);
