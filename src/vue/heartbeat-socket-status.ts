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
import { appSocketKey } from './injection.js';
import type { HeartbeatSocketHandle } from './plugin.js';
import { englishLabels, type HeartbeatSocketLabels } from './status-labels.js';
import { StatusText } from './status-text.js';

/** A connection to show: what `useHeartbeatSocket` returned, or `$heartbeatSocket`. */
export type ShownSocket = Pick<
  { [Key in keyof HeartbeatSocketHandle]: unknown },
  'phase' | 'status' | 'latency' | 'retryAt' | 'open' | 'close'
>;

/** What the slot of `<HeartbeatSocketStatus>` gets. */
export interface HeartbeatSocketStatusSlot
  extends Pick<HeartbeatSocketHandle, 'phase' | 'status' | 'latency' | 'open' | 'close'> {
  /** ms until the next attempt, counted down each second; undefined when none is planned. */
  readonly retryInMs: number | undefined;
}

/** Props of `<HeartbeatSocketStatus>`. All may change while it is shown. */
export interface HeartbeatSocketStatusProps {
  /** The connection to show: what `useHeartbeatSocket` returned. Default: the app's own. */
  socket?: ShownSocket;
  /**
   * Words to use where there is no slot: all of them, such as `chineseLabels`, or some, the rest being English.
   * Default `englishLabels`.
   *
   * @example
   * <HeartbeatSocketStatus :labels="{ open: 'Live', tryNow: 'Retry' }" />
   */
  labels?: Partial<HeartbeatSocketLabels>;
  /**
   * ms that a change must last before screen readers are told of it. A drop that is over sooner is not announced; what is
   * seen changes at once. A long outage is announced once, not with each attempt. Without effect beside a slot. Default 2_000.
   */
  announceAfter?: number;
}

/** Shown where there is neither a socket nor an app's own. */
const NO_SOCKET: ShownSocket = {
  phase: 'idle',
  status: 'CLOSED',
  latency: undefined,
  retryAt: undefined,
  open() {},
  close() {},
};

/**
 * Shows a connection. With a slot it renders the slot alone. Without, a `<span data-phase="…">` to style by, with the phase's
 * text, a countdown to the next attempt in a `<small>`, and, in the phases waiting, offline and failed, a `<button>` that tries at
 * once. It brings no CSS. Beside the visible text stands one for screen readers (`role="status"`, polite, hidden by an inline
 * style), which changes when a phase has lasted `announceAfter`, and leaves out the countdown.
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
    const app = inject(appSocketKey, undefined)?.handle.face;
    // Refs, or a handle that has unwrapped them: each is read when it is shown, so that a message renders nothing.
    const shown = <Name extends keyof ShownSocket>(name: Name) =>
      unref((props.socket ?? app ?? NO_SOCKET)[name]) as HeartbeatSocketHandle[Name];

    // The server has rendered 'idle', and hydration must find the same.
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
      // One root alone gets class and attributes, and may stand in a transition.
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
