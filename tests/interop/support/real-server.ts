/** What the tests have to know of a server, so that the same sentences can be tried on each. */
import type { SocketData, UseHeartbeatSocketOptions } from '../../../src';
import type { CountingPreset } from '../../../src/heartbeats';

/** The heartbeat of the tests: several in each idle limit, with time enough for the answer on a machine that is busy. */
export const FIGURES = { interval: 700, pongTimeout: 5_000 };

/** A server that runs. */
export interface Running {
  readonly url: string;
  /** From now on the client hears nothing on the connections there are, and none of them ends. */
  freeze(): void;
  /** Those who connect from now on are served. */
  thaw(): void;
  /** Ends the server, and starts it anew at the same place. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export interface RealServer {
  readonly name: string;
  start(): Promise<Running>;
  /** ms after which the server gives a silent client up. For a server that never does: ms between two of its own beats. */
  readonly limit: number;
  /** What makes the library speak with the server: a preset, most of the time. */
  readonly options: () => UseHeartbeatSocketOptions;
  /** The options with which this side sends no heartbeat in time, for a server that sends some, too, and wants answers. */
  readonly answering?: () => UseHeartbeatSocketOptions;
  /** What the options are without a heartbeat. Default: `heartbeat` is false. */
  readonly silent?: () => UseHeartbeatSocketOptions;
  /**
   * The code with which a client ends that has no heartbeat, or what its app is told if the connection stays. Left out: the
   * server does nothing about it.
   */
  readonly ends?: number | RegExp;
  /** A client whom the server does not let in, and what its error says. */
  readonly refused?: {
    readonly options: () => UseHeartbeatSocketOptions;
    /** What is added to the url. */
    readonly query?: string;
    readonly error: RegExp;
    /** The library tries again, since the server may decide otherwise. Default false: the phase is `failed`. */
    readonly comesBack?: boolean;
  };
  /** What the app says once on each connection: that it wants to hear a topic. */
  readonly greets?: readonly SocketData[];
  /** Where a client connects, if not all of them do so at the same place. `client` is a text that no other client has. */
  readonly place?: (url: string, client: string) => string;
  /** The message of the app that makes the server send `text` to the app. */
  says(text: string): SocketData;
  /** What the app has heard: the text that was said is in it. Default: as text. */
  readonly reads?: (data: unknown) => string;
}

/** The options with a heartbeat that reads what the server sends, and sends nothing: neither heartbeats nor replies. */
export function muted({ heartbeat, ...options }: CountingPreset): UseHeartbeatSocketOptions {
  return {
    ...options,
    heartbeat() {
      const { control, ...rest } = heartbeat();
      const quiet = (data: unknown) => {
        const frame = control?.(data);
        return frame && { ...frame, reply: undefined };
      };
      return { ...rest, control: quiet, interval: 1_000_000 };
    },
  };
}
