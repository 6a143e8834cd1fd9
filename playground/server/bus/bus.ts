/**
 * What several processes of this server have in common. A log has what was said, in one order for all of them; beside it each
 * process can tell the others something, which may be lost. `nats-bus.ts` is the real one.
 */
export interface Bus {
  /** The key that visitors' tokens are signed with: the same for all processes. */
  readonly key: Buffer;
  /** Whether the bus can be reached, as far as this process knows. */
  readonly isReachable: boolean;
  /** Hands the log over to the reader, from its oldest entry on. Resolves once the reader has all that was there; called once. */
  follow(reader: LogReader): Promise<void>;
  /**
   * Puts what was said in a room into the log. Resolves once the log has it. Rejects when nobody knows whether the log has it, or
   * will.
   */
  append(room: string, bytes: Buffer): Promise<void>;
  /** Tells all processes. A bus that cannot be reached tells nobody. */
  tell(bytes: Buffer): void;
  /** Calls the listener with what any process tells, this one included. */
  hear(listener: (bytes: Uint8Array) => void): void;
  /** Resolves once this process has left the bus. */
  close(): Promise<void>;
}

/** Reads the log. Anybody who can write to the bus may have made an entry's bytes; the numbers are the bus's own. */
export interface LogReader {
  /**
   * A log begins: the first one, or another one when the bus has lost that. `epoch` stands for it, and entries up to the number
   * `forgotten` are not kept.
   */
  begin(epoch: string, forgotten: number): void;
  /** An entry of the log. Their numbers rise. One that is left out was lost to the log. */
  read(number: number, room: string, bytes: Uint8Array): void;
  /** The bus was lost, or is there again. */
  reach(): void;
}

/** ms that a process waits for the bus at most: less than a page waits for the answer to its heartbeat, which has to wait as long. */
export const BUS_PATIENCE = 2_000;
