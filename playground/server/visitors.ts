import type { WebSocket } from 'ws';
import type { LastingFault } from '../protocol/control.ts';
import { MAX_ALL_CONNECTIONS, MAX_ALL_CONTROLS, MAX_CONNECTIONS, MAX_CONTROLS } from './bounds.ts';
import { FaultLinks } from './fault-links.ts';

/** One page that plays: its own network, so that nobody else suffers from its faults. */
export interface Visitor {
  readonly id: string;
  readonly links: FaultLinks;
  readonly lasting: Set<LastingFault>;
  /** Its control connections. */
  readonly controls: Set<WebSocket>;
}

export interface Visitors {
  /** The visitor of this id, a new one if need be. It is forgotten with the last of its connections. */
  get(id: string): Visitor;
  all(): Iterable<Visitor>;
  suffers(id: string, fault: LastingFault): boolean;
  /** Whether there is room for one more connection under test of this visitor. */
  canLink(id: string): boolean;
  /** Whether there is room for one more control connection of this visitor. */
  canControl(id: string): boolean;
  /** Forgets the visitor, if it has no connection. */
  release(visitor: Visitor): void;
}

export function createVisitors(target: () => number): Visitors {
  const visitors = new Map<string, Visitor>();

  function enter(id: string): Visitor {
    const links = new FaultLinks(target, () => release(visitor));
    const visitor: Visitor = { id, links, lasting: new Set(), controls: new Set() };
    visitors.set(id, visitor);
    return visitor;
  }

  function release({ id, links, controls }: Visitor): void {
    if (links.isIdle && !controls.size) visitors.delete(id);
  }

  function hasRoom(id: string, sizeOf: (visitor: Visitor) => number, most: number, mostOfAll: number): boolean {
    const own = visitors.get(id);
    const all = [...visitors.values()].reduce((sum, visitor) => sum + sizeOf(visitor), 0);
    return all < mostOfAll && (own ? sizeOf(own) : 0) < most;
  }

  return {
    get: (id) => visitors.get(id) ?? enter(id),
    all: () => visitors.values(),
    suffers: (id, fault) => !!visitors.get(id)?.lasting.has(fault),
    canLink: (id) => hasRoom(id, ({ links }) => links.size, MAX_CONNECTIONS, MAX_ALL_CONNECTIONS),
    canControl: (id) => hasRoom(id, ({ controls }) => controls.size, MAX_CONTROLS, MAX_ALL_CONTROLS),
    release,
  };
}
