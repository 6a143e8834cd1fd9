/** The states of a connection. Each record holds what its own phase needs, and nothing of another phase. */
import type { HeartbeatSocketError } from './errors.js';
import type { Traffic } from './heartbeat.js';
import type { AwayReason } from './phase.js';
import type { CloseInfo } from './ports.js';

/** What every state knows. */
export interface Known {
  /** The number of the current attempt and its socket. The machine ignores events that carry another number. */
  readonly id: number;
  /** The url that the machine was last told, as text. Empty: there is none, so nothing connects. */
  readonly url: string;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** Retries made since the connection was last stable, or since somebody asked for it. */
  readonly retried: number;
  /** How many of these followed a loss that was the server's: the number that its back-off goes by. */
  readonly backedOff: number;
  /** Losses since the last wake that were on this side of the link, silences left out. */
  readonly wakeLosses: number;
  /** Connections in a row that fell silent before a heartbeat was answered. */
  readonly unanswered: number;
  /** Attempts that took too long since a connection was last open. */
  readonly timeouts: number;
  /** Final close codes after which an attempt was made all the same, since the connection was last stable. */
  readonly forgiven: number;
  /** How the connection or the attempt before was lost. */
  readonly lastEnd: CloseInfo | undefined;
  /** When `close({ drain })` closes the connection at the latest. Never: it was not called. */
  readonly closeAt: number;
  /** What `error` shows. */
  readonly error: HeartbeatSocketError | undefined;
}

/** A record that lacks these fields: they belong to other phases, and asking for one gives undefined. */
type Without<Fields extends string> = { readonly [Field in Fields]?: never };

/** The connection rests. */
interface AtRest
  extends Known,
    Without<'stage' | 'preparedFor' | 'restartedForUrl' | 'wokeAt' | 'openedAt' | 'hideAt'> {
  /** It connects by itself when what keeps it away is over. */
  readonly isWanted: boolean;
  /** What keeps it from connecting. */
  readonly away: AwayReason | undefined;
  readonly deadline?: number;
}

/** The connection rests until somebody asks for it. A new url also waits until a deactivated component is activated again. */
export interface Resting extends AtRest {
  readonly phase: 'idle' | 'closed' | 'failed' | 'left';
  readonly isWanted: false;
  readonly away: 'deactivated' | undefined;
  readonly deadline?: never;
}

/** The connection is put away, and connects by itself when the page or the component is back. */
export interface PutAway extends AtRest {
  readonly phase: 'idle';
  readonly isWanted: true;
  readonly away: AwayReason;
  /** When the machine looks whether the page is back: its event may be missing. Never: Vue tells for certain. */
  readonly deadline: number;
}

/** What the states that are not at rest know of the page. */
interface OnPage {
  /** When the page last woke up, or the network last came back. */
  readonly wokeAt: number;
  /** When the connection is put away since nobody sees the page. Never: somebody does, or the connection may stay. */
  readonly hideAt: number;
}

/** What every state on the way to an open connection knows. */
interface OnTheWay extends Known, OnPage, Without<'away' | 'isWanted' | 'openedAt' | 'isAnswered'> {
  /** The url changed during `beforeConnect`, so an attempt was started afresh at once. The next time a retry follows instead. */
  readonly restartedForUrl: boolean;
}

/** What every attempt knows. */
interface UnderWay extends OnTheWay {
  readonly phase: 'connecting';
  readonly startedAt: number;
  /**
   * `hidden`: the attempt started on a hidden page. `anew`: it replaced a stalled attempt when somebody looked at the page. Otherwise
   * undefined.
   */
  readonly begun: 'hidden' | 'anew' | undefined;
  /** Timers that fired late during this attempt. */
  readonly lateTimers: number;
  /** When the attempt has taken too long. */
  readonly deadline: number;
}

/** An attempt whose `beforeConnect` is running, or about to run. */
export interface Preparing extends UnderWay {
  readonly stage: 'preparing';
  /** The url that `beforeConnect` works for. Undefined until the attempt has read it. */
  readonly preparedFor: string | undefined;
}

/** An attempt whose socket is made and not open yet. */
export interface Dialing extends UnderWay, Without<'preparedFor'> {
  readonly stage: 'dialing';
}

/** An attempt whose socket is open, while the application's own handshake is under way. */
export interface Shaking extends UnderWay, Without<'preparedFor'> {
  readonly stage: 'shaking';
}

/** The connection waits for the time of the next attempt. */
export interface Waiting extends OnTheWay, Without<'stage' | 'preparedFor'> {
  readonly phase: 'waiting';
  /** When the next attempt starts. */
  readonly deadline: number;
}

/** The connection waits for the network. */
export interface Offline extends OnTheWay, Without<'stage' | 'preparedFor'> {
  readonly phase: 'offline';
  /** When an attempt is made all the same: the browser may be wrong about the network. */
  readonly deadline: number;
}

/** The socket is open. */
export interface Alive
  extends Known,
    OnPage,
    Traffic,
    Without<'stage' | 'preparedFor' | 'restartedForUrl' | 'startedAt' | 'away' | 'isWanted'> {
  readonly phase: 'open' | 'suspect';
  readonly openedAt: number;
  /** The server has given a sign of life while a heartbeat waited for one. */
  readonly isAnswered: boolean;
  /** When the phase becomes `suspect`. Never: no heartbeat waits for a sign of life. */
  readonly overdueAt: number;
  /** When the connection counts as dead. Never: no heartbeat waits for a sign of life. */
  readonly deadAt: number;
  /** When messages that are kept are handed over. Never: none are kept. */
  readonly flushAt: number;
  /** Timers that fired late since the last sign of life. */
  readonly lateTimers: number;
  /** Bytes that the socket had sent at the last heartbeat, when the phase became `suspect`, or when the verdict was last put off. */
  readonly drained: number;
  /** The verdict waits for the `close` event of a socket that is closing. */
  readonly isClosing: boolean;
  /** The earliest time at which something is due. */
  readonly deadline: number;
}

export type Connecting = Preparing | Dialing | Shaking;
export type State = Resting | PutAway | Connecting | Waiting | Offline | Alive;

/** The time of what is not planned. */
export const NEVER = Infinity;

export const isAlive = (state: State): state is Alive => state.openedAt !== undefined;

export const isResting = (state: State): state is Resting | PutAway => state.isWanted !== undefined;

/** When the timer has to fire. */
export const dueAt = ({ deadline = NEVER, hideAt = NEVER, closeAt }: State): number =>
  Math.min(deadline, hideAt, closeAt);

/** Whether the state may change without a command. Only then does the connection listen to the page. */
export const isActive = (state: State): boolean => state.isWanted ?? true;
