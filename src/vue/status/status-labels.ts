import type { Phase } from '../../core/phase.js';

/**
 * The words that `<HeartbeatSocketStatus>` shows without a slot: a text for each phase, and two for a planned attempt.
 */
export interface HeartbeatSocketLabels extends Readonly<Record<Phase, string>> {
  /**
   * The countdown beside the text of the phase, while an attempt is planned. `seconds` is a whole number, counted down.
   */
  readonly retryIn: (seconds: number) => string;
  /** The text of the button that makes an attempt at once. */
  readonly tryNow: string;
}

/** The English labels of `<HeartbeatSocketStatus>`: its default. */
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
 * The Chinese labels of `<HeartbeatSocketStatus>`.
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
