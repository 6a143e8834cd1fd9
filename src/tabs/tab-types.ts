/** What a tab is given, and what it can do. */
import type { Clock, CloseInfo, PageSignals } from '../core/ports.js';
import type { TabPorts } from '../core/tab-ports.js';
import type { Hub, HubOptions } from './hub.js';
import type { Link } from './link.js';
import type { Body, Command } from './protocol.js';

export interface TabOptions {
  readonly id: string;
  /** The name of the lock and of the channel. */
  readonly name: string;
  readonly clock: Clock;
  readonly ports: TabPorts;
  readonly signals: PageSignals;
  readonly link: Link;
  chance(): number;
  /** Makes the real connection, for the tab that leads in this term. */
  createHub(term: number, options: Pick<HubOptions, 'say' | 'watchTab'>): Hub;
  /** The app of another tab has called `open()`, `close()` or `close({ drain })`. */
  commanded(command: Command): void;
  /** This tab leads now, or does not any more. */
  led(isLeader: boolean): void;
}

export interface Tab {
  isLeader(): boolean;
  /** Wants to share. */
  join(): void;
  /** Does not want to share any more. While another tab has messages pending, a leader goes on for that tab. */
  leave(how: CloseInfo): void;
  /** Says something to the leader. */
  say(body: Body): void;
  /** Says a command to all other tabs. A leader carries out what is about the real connection. */
  command(command: Command): void;
  /** This tab has messages pending, and closes once it has none. */
  drains(): void;
  beat(): void;
  /** The connection of this tab has ended. */
  end(): void;
}
