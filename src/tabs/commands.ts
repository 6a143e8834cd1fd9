/**
 * The commands of the app in all tabs. Each has a place in an order that all tabs agree on, and the newest one holds: whatever a tab hears
 * first, whoever leads meanwhile, and whenever a page comes back that was away.
 */
import { type Body, type Command, isCommand, type Order, type StampedCommand, type TabMessage } from './protocol.js';

export interface Commands {
  /** The place of the newest command that the tab knows of. */
  known(): Order;
  /** Gives a command of this tab its place, and tells the others: it is the newest. */
  give(command: Command): void;
  /** Takes in what another tab says about commands. True: the message was a command. */
  hear(message: TabMessage): boolean;
  /** From now on the tab may miss commands: its page is left or frozen. */
  away(): void;
}

export interface CommandsOptions {
  /** The id of this tab. */
  readonly by: string;
  /** ms of the epoch. */
  epoch(): number;
  post(body: Body): void;
  /** Carries out a command of another tab. */
  carryOut(command: Command): void;
}

/** The order of another tab comes over the channel, so it may be anything. */
const isNewer = (one: Order, other: Order): boolean =>
  Number.isFinite(one.order) && (one.order > other.order || (one.order === other.order && one.by > other.by));

export function createCommands({ by, epoch, post, carryOut }: CommandsOptions): Commands {
  let since = epoch();
  let mayHaveMissed = false;
  let newest: StampedCommand | undefined;
  const known = (): Order => ({ order: newest?.order ?? 0, by: newest?.by ?? '' });
  const tell = (to: string): void => {
    if (newest) post({ ...newest, to });
  };
  return {
    known,
    give(command) {
      newest = { ...command, order: Math.max(known().order + 1, epoch()), by };
      post(newest);
    },
    hear(message) {
      if (isCommand(message)) {
        if (!isNewer(message, known())) return true;
        const before = newest;
        newest = message;
        // A tab connects by itself when it is opened, whatever was commanded before.
        const isTimely = mayHaveMissed || message.order <= epoch();
        if (!message.to || (isTimely && message.order >= since)) carryOut(message);
        else if (!isTimely && before && !before.to) {
          // The system's clock was set back. The tab has heard each command since it was opened, so what it knows is newer.
          newest = { ...before, order: message.order + 1 };
          tell(message.from);
        }
        return true;
      }
      if (message.type !== 'hello') return false;
      // A page that comes back tells what it knows. It has missed a command, or it alone knows of one.
      const theirs = { order: message.order ?? 0, by: message.by ?? '' };
      if (newest && isNewer(newest, theirs)) tell(message.from);
      else if (isNewer(theirs, known())) post({ type: 'hello' });
      return false;
    },
    away() {
      mayHaveMissed = true;
      // The system's clock may have been set back.
      since = Math.min(since, epoch());
    },
  };
}
