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
import type { Phase } from '../core/connection-state.js';
import { appSocketKey } from './injection.js';
import type { HeartbeatSocketHandle } from './plugin.js';

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

export interface HeartbeatSocketStatusProps {
  /** The connection to show. Default: the app's own. */
  socket?: ShownSocket;
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

/** The text of each phase, where there is no slot. */
const LABELS: Record<Phase, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  open: 'Connected',
  suspect: 'Connection unstable',
  waiting: 'Reconnecting…',
  offline: 'Offline',
  closed: 'Disconnected',
  failed: 'Connection failed',
  left: 'Disconnected',
};

/**
 * Shows a connection. With a slot it renders the slot alone; without, a text with `role="status"` (polite), and
 * `data-phase` for styling.
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
      const slot = { phase, status, latency: shown('latency'), retryInMs: retryInMs.value };
      return (
        slots.default?.({ ...slot, open: shown('open'), close: shown('close') }) ??
        h('span', { role: 'status', 'aria-live': 'polite', 'data-phase': phase }, LABELS[phase])
      );
    };
  },
  { name: 'HeartbeatSocketStatus', props: { socket: Object as PropType<ShownSocket> } },
);
