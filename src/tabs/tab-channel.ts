/** The channel of a tab, which is closed while the page is in the back-forward cache. */
import type { TabChannel, TabPorts } from '../core/tab-ports.js';
import type { TabMessage } from './protocol.js';

export interface OwnChannel {
  open(): void;
  close(): void;
  /** Says something, if the channel is open. Throws for what cannot be cloned. */
  post(message: TabMessage): void;
}

export function createOwnChannel(ports: TabPorts, name: string, hear: (message: unknown) => void): OwnChannel {
  let channel: TabChannel | undefined;
  return {
    open() {
      channel ??= ports.channel(name, hear);
    },
    close() {
      channel?.close();
      channel = undefined;
    },
    post: (message) => channel?.post(message),
  };
}
