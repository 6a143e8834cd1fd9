import type { Phase } from '../core/connection-state.js';

/** What `<HeartbeatSocketStatus>` says where it has no slot: the text of each phase, and the words around a planned attempt. */
export interface HeartbeatSocketLabels extends Readonly<Record<Phase, string>> {
  /** Stands beside the phase while an attempt is planned. `seconds` is whole, and counted down. */
  readonly retryIn: (seconds: number) => string;
  /** On the button that tries at once. */
  readonly tryNow: string;
}

/** The labels of `<HeartbeatSocketStatus>` in English: its default. */
export const englishLabels: HeartbeatSocketLabels = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  open: 'Connected',
  suspect: 'Connection unstable',
  waiting: 'Reconnecting…',
  offline: 'Offline',
  closed: 'Disconnected',
  failed: 'Connection failed',
  left: 'Disconnected',
  retryIn: (seconds) => `Next attempt in ${seconds} s`,
  tryNow: 'Try now',
};

/**
 * The labels of `<HeartbeatSocketStatus>` in Chinese.
 *
 * @example
 * <HeartbeatSocketStatus :labels="chineseLabels" />
 */
export const chineseLabels: HeartbeatSocketLabels = {
  idle: '未连接',
  connecting: '正在连接…',
  open: '已连接',
  suspect: '连接不稳定',
  waiting: '正在重新连接…',
  offline: '网络已断开',
  closed: '连接已关闭',
  failed: '连接失败',
  left: '连接已关闭',
  retryIn: (seconds) => `${seconds} 秒后重试`,
  tryNow: '立即重试',
};
