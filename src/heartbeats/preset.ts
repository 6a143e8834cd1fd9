/** What a preset is: the options that make a connection speak the heartbeat, and the handshake, of one kind of server. */
import type { Figures, HandshakeLink } from '../core/connection-types.js';
import type { ControlFrame } from '../core/heartbeat.js';
import type { LossEvent } from '../core/reconnect-policy.js';

export type { HandshakeLink };

/** What goes over the wire. */
export type Wire = string | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** The part of `HeartbeatOptions` that presets fill in. */
export interface PresetHeartbeat {
  beats?: 'server' | 'both';
  message?: Wire | (() => Wire);
  responseMessage?: Wire | ((data: unknown) => boolean);
  control?: (data: unknown) => ControlFrame | undefined;
  interval?: number | undefined;
  pongTimeout?: number | 'auto' | undefined;
  liveness?: 'response';
}

/** Options to hand to `useHeartbeatSocket`, alone or spread among others. */
export interface Preset<Heartbeat = PresetHeartbeat> {
  protocols?: string[];
  binaryType?: 'arraybuffer';
  /** Only where close codes of the protocol say that coming back is useless. An `autoReconnect` of the app takes its place. */
  autoReconnect?: { retries?: (retried: number, event: LossEvent) => boolean; finalCodes?: readonly number[] };
  heartbeat: Heartbeat;
  handshake?: (link: HandshakeLink) => Promise<Figures | undefined>;
}

/** A preset whose heartbeat keeps something for each socket: a number, or the beginning of a message. */
export type CountingPreset = Preset<() => PresetHeartbeat>;

/** The figures that every preset takes. What is left out is what the server wants, or else the library's default. */
export interface PresetFigures {
  /**
   * ms, as `heartbeat.interval`. Where the server sends the heartbeats: the time between two of them. With less a healthy
   * connection is lost again and again.
   */
  interval?: number | undefined;
  /** ms, as `heartbeat.pongTimeout`. */
  pongTimeout?: number | 'auto' | undefined;
}
