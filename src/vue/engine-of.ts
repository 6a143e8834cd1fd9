/** The engine behind what a composable has returned. */
import type { Engine } from '../core/engine.js';
import { HeartbeatSocketError } from '../core/errors.js';

/** Sets something up on an engine. The function that it returns takes that back. */
export type Follow = (engine: Engine) => () => void;

/** A connection, or a caller that moves from one connection to another. */
export interface EngineSource {
  /** The engine of now. Undefined: the caller has left. */
  now(): Engine | undefined;
  /** Calls `follow` with the engine of now, and with each one that comes after it. Without this function there is only one. */
  follow?(follow: Follow): void;
}

/** By the function `on`, which all that a composable returns has. */
export const engines = new WeakMap<object, EngineSource>();

function sourceOf(socket: { readonly on: object }): EngineSource {
  const source = engines.get(socket.on);
  if (source) return source;
  throw new HeartbeatSocketError('option', 'socket must be what useHeartbeatSocket() has returned');
}

/** The engine behind what a composable has returned; undefined for a caller that has left. Throws for anything else. */
export const engineNow = (socket: { readonly on: object }): Engine | undefined => sourceOf(socket).now();

/** The same, and throws for a caller that has left. */
export function engineOf(socket: { readonly on: object }): Engine {
  const engine = engineNow(socket);
  if (engine) return engine;
  throw new HeartbeatSocketError('left', 'the scope that called the composable has ended');
}

/** Sets something up on the engine of now, and again on each one to which the caller moves. */
export function followEngine(socket: { readonly on: object }, follow: Follow): void {
  const source = sourceOf(socket);
  if (source.follow) source.follow(follow);
  else follow(engineOf(socket));
}
