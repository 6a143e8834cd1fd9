import type { LastingFault } from '../protocol/control.ts';
import { FaultLinks } from './fault-links.ts';

/** One page that plays: its own network, so that nobody else suffers from its faults. */
export interface Visitor {
  readonly links: FaultLinks;
  readonly lasting: Set<LastingFault>;
}

export interface Visitors {
  /** The visitor of this id, a new one if need be. */
  get(client: string): Visitor;
  all(): Iterable<Visitor>;
  suffers(client: string, fault: LastingFault): boolean;
  /** Forgets those without faults and without connections. */
  sweep(): void;
}

export function createVisitors(target: () => number): Visitors {
  const visitors = new Map<string, Visitor>();
  return {
    get(client) {
      const visitor = visitors.get(client) ?? { links: new FaultLinks(target), lasting: new Set() };
      visitors.set(client, visitor);
      return visitor;
    },
    all: () => visitors.values(),
    suffers: (client, fault) => !!visitors.get(client)?.lasting.has(fault),
    sweep() {
      for (const [client, { links, lasting }] of visitors) if (links.isIdle && !lasting.size) visitors.delete(client);
    },
  };
}
