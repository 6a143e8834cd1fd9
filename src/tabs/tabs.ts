import { createPageTabs } from '../browser/page-tabs.js';
import { HeartbeatSocketError } from '../core/errors.js';
import { kindOf } from '../core/kind-of.js';
import type { Share, SocketShare } from '../core/share.js';
import { VERSION } from './protocol.js';
import { createSharedConnection } from './shared-connection.js';

/** Options of {@link tabs}. They are read when `tabs` is called. */
export interface TabsOptions {
  /**
   * The name of the connection: tabs with the same name share. Give one where the url differs between tabs, as with a token in it; the url
   * of the tab that holds the connection counts then. Any script of the same origin can see the name. Default: a hash of the url.
   */
  name?: string | undefined;
}

/** A text of 16 characters that tells two urls apart, and does not show them. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
  }
  return [a, b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

/**
 * One connection for all tabs of an origin, for the option `share`: one tab holds the socket, and the others send and hear through it. If
 * that tab is closed, crashes, is frozen by the browser, or goes into the back-forward cache, another one connects, within a second. A tab
 * whose page hangs for five seconds loses the socket as soon as somebody looks at another tab.
 *
 * Each tab has its own state, `data`, listeners, buffer, requests and subscriptions, as without `share`. What differs:
 * - All tabs show the state of the connection: `phase`, `failures`, `retryAt`, `latency`, `error`. While no tab holds the socket, the phase
 *   is `connecting`, and messages wait.
 * - `ws` is undefined in every tab. Callbacks get an object that can `send` and `close` for this tab, and made events. `onConnected` runs in
 *   every tab, so a login belongs into `handshake`, which runs once.
 * - `close()` closes for all tabs that are open, and a later `open()` connects for all of them: a user who logs out in one tab has logged out
 *   in the others. The newest of such commands holds in every tab. A page that was frozen or in the back-forward cache learns of it when it
 *   comes back, from any tab that is there. A tab that is opened meanwhile connects by itself, and leaves closed ones alone.
 * - `close({ drain })` closes each tab once it has nothing pending, and the socket with the last of them.
 * - `beforeConnect`, `handshake`, the heartbeat and `autoReconnect` run in the tab that holds the socket, with its options. The `number`
 *   that `beforeConnect` is told grows from tab to tab, so that a server can refuse an older socket.
 * - `delivery: atLeastOnce()` works in each tab, and its messages survive the tab that holds the socket. Without it, a message that this tab
 *   has handed to the socket may be lost with it, and is reported as `unproven`.
 * - The topics of `useSubscriptions` count together: the server hears of the first tab that wants one, and of the last. So a server that
 *   sends a snapshot with each subscription sends none for a later tab.
 * - The numbers of `useRequests` begin anywhere up to 2^52, so that no two tabs have the same.
 * - `buffer.perSecond` of the tab that holds the socket paces what has waited in all tabs. All other bounds of `buffer` are those of each
 *   tab.
 * - `onEvent` hears the heartbeats of the tab that holds the socket, and their answers. Of `beforeConnect` it hears only errors, and of the
 *   messages that `control` knows nothing: a server may send many of them.
 * - Every tab gets every message of the server, also one that answers another tab: in the other tabs an answer to a question of
 *   `useRequests` is a message like any other.
 *
 * Tabs find each other by the url, so it must be the same text in each: put a token into what `beforeConnect` returns, or give a `name`.
 * All tabs need the same options, since those of the tab that holds the socket count: without `delivery` there, nothing is proven in the
 * others. Development warns of a difference. Two versions of an app that are open at the same time share as well. Give them different names
 * if their messages or their options differ.
 *
 * Needs Web Locks and BroadcastChannel, which every current browser has on https and on localhost. Elsewhere, and on a page without them,
 * the tab has a connection of its own, and development warns. On a server nothing is shared.
 *
 * @example
 * import { tabs } from 'vue-heartbeat-socket/tabs'
 * const { status, data, send } = useHeartbeatSocket('/prices', { share: tabs() })
 */
export function tabs(options: TabsOptions = {}): SocketShare {
  const { name }: TabsOptions = Object(options);
  if (process.env.NODE_ENV !== 'production' && Object(options) !== options) {
    throw new HeartbeatSocketError('option', `tabs: options must be an object, received ${kindOf(options)}`);
  }
  const isUsable = name === undefined || (typeof name === 'string' && name !== '');
  if (process.env.NODE_ENV !== 'production' && !isUsable) {
    throw new HeartbeatSocketError('option', `tabs: name must be a text, received ${kindOf(name)}`);
  }
  const share: Share = {
    connect(create, ports, options) {
      const tabPorts = createPageTabs();
      if (!tabPorts) return undefined;
      const nameOf = (url: string): string =>
        `vue-heartbeat-socket ${VERSION} ${isUsable && name !== undefined ? `name ${name}` : hash(tabPorts.resolve(url))}`;
      return createSharedConnection(create, ports, options, tabPorts, nameOf);
    },
  };
  return share;
}
