/**
 * The commands of the app in all tabs. Each has a place in an order that all tabs agree on, and the newest one holds: whatever a tab hears
 * first, whoever leads meanwhile, and whenever a page comes back that was away.
 */
import type { Body, Command, Order, StampedCommand } from './protocol.js';

export interface Commands {
  /** The place of the newest command that the tab knows of. */
  known(): Order;
  /** Gives a command of this tab its place: it is the newest. */
  give(command: Command): StampedCommand;
  /** Takes in a command of another tab. False: this tab does not carry it out. */
  take(command: StampedCommand): boolean;
  /** What to say to a tab that knows this command as the newest, if it or this tab has missed one. */
  answer(tab: string, known: Partial<Order>): Body | undefined;
}

const isNewer = (one: Order, other: Order): boolean =>
  one.order > other.order || (one.order === other.order && one.by > other.by);

/** `by`: the id of this tab. `epoch` gives the ms of the epoch. */
export function createCommands(by: string, epoch: () => number): Commands {
  const since = epoch();
  let newest: StampedCommand | undefined;
  const known = (): Order => ({ order: newest?.order ?? 0, by: newest?.by ?? '' });
  return {
    known,
    give(command) {
      newest = { ...command, order: Math.max(known().order + 1, epoch()), by };
      return newest;
    },
    take(command) {
      if (!isNewer(command, known())) return false;
      newest = command;
      // A tab connects by itself when it is opened, whatever was commanded before.
      return !command.to || command.order >= since;
    },
    answer(to, theirs) {
      const other = { order: 0, by: '', ...theirs };
      if (newest && isNewer(newest, other)) return { ...newest, to };
      return isNewer(other, known()) ? { type: 'hello', ...known() } : undefined;
    },
  };
}
