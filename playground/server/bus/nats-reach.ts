/** Whether NATS can be reached. */
import type { NatsConnection } from 'nats';

/** ms between two attempts to come back to the bus. */
export const AGAIN = 250;

/**
 * `renew` resolves once all is as it should be on a bus that is there again. `changed` is called when the bus is lost, or is
 * back.
 */
export function watchReach(nats: NatsConnection, renew: () => Promise<void>, changed: () => void) {
  let isReachable = true;
  let isComingBack = false;

  function reach(isThere: boolean): void {
    if (isReachable === isThere) return;
    isReachable = isThere;
    changed();
  }

  async function watch(): Promise<void> {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect') reach(false);
      else if (type === 'reconnect') void comeBack();
    }
    reach(false);
  }

  /** Tries until it succeeds: a connection may stand before the log does. */
  async function comeBack(): Promise<void> {
    if (isComingBack) return;
    isComingBack = true;
    while (!(nats.isClosed() || isReachable))
      await renew().then(
        () => reach(true),
        () => pause(AGAIN),
      );
    isComingBack = false;
  }

  void watch();
  return {
    get isReachable() {
      return isReachable;
    },
    /** The bus has to be renewed again: the connection may stand while the log is gone. */
    doubt(): void {
      reach(false);
      void comeBack();
    },
  };
}

/** Waits. The process may end meanwhile. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
