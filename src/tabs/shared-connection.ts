/** The connection of one tab, which shares its socket with the other tabs. */
import type { MadeConnection } from '../core/connection.js';
import { NEVER } from '../core/connection-state.js';
import type { Connection, ConnectionOptions, ConnectionView } from '../core/connection-types.js';
import { emit, guard } from '../core/outlet.js';
import type { Ports } from '../core/ports.js';
import type { Share } from '../core/share.js';
import type { TabPorts } from '../core/tab-ports.js';
import { toText } from '../core/url-text.js';
import { tellUnlike, withAlike } from './alike.js';
import { createHub } from './hub.js';
import type { Link } from './link.js';
import { createLinkDelivery } from './link-delivery.js';
import { createOwnLink, type GivingUp, type Sharing } from './own-link.js';
import type { Command } from './protocol.js';
import { shownView, statusOf } from './shown-view.js';
import { createTab } from './tab.js';
import type { Tab } from './tab-types.js';
import { upstreamOptions, upstreamPorts } from './upstream.js';

type Create = Parameters<Share['connect']>[0];

/** What the page tells that is about the tab: its own connection hears it. */
const OF_THE_TAB = ['pagehide', 'pageshow', 'prerenderingchange', 'visibilitychange', 'hidden'];

/** Makes connections that share. `nameOf` gives the name that tabs with the same connection have in common. */
export function createSharedConnection(
  create: Create,
  ports: Ports,
  options: ConnectionOptions,
  tabPorts: TabPorts,
  nameOf: (url: string) => string,
): MadeConnection {
  const id = [ports.chance(), ports.chance()].map((part) => Math.floor(part * 2 ** 32).toString(36)).join('-');
  let sharing: Sharing | undefined;
  const givingUp: GivingUp = { hasGivenUp: false, finalCodes: [] };

  const linkDelivery = createLinkDelivery(options, () => {
    const connection = sharing?.link.socket?.connection;
    if (connection) sharing?.tab.say({ type: 'prove', connection });
  });

  const shown = (view: ConnectionView): ConnectionView =>
    shownView(view, sharing?.link.view, !!sharing?.tab.isLeader());

  const createTabHere = (name: string, link: Link): Tab =>
    createTab({
      ...{ id, name, link },
      ...{ clock: ports.clock, chance: ports.chance, signals: ports.signals, ports: tabPorts },
      createHub: (term, hubOptions) =>
        createHub({
          ...hubOptions,
          say: (body) => hubOptions.say(process.env.NODE_ENV === 'production' ? body : withAlike(body, options)),
          isProven: !!options.delivery,
          create: (own, handedOver, refused) =>
            create(upstreamPorts(ports), { ...upstreamOptions(options, engine, term, handedOver, refused), ...own }),
        }),
      commanded(command) {
        const { phase, closeAt } = engine.state;
        if (command.type === 'close') inner.close(command.code, command.reason);
        else if (command.type === 'drain') drain(command.ms);
        else if (phase === 'closed' || phase === 'failed' || closeAt < NEVER) inner.open();
      },
      led: (isLeader) => emit(engine, 'lead', { isLeader }),
    });

  const stopSharing = (): void => {
    sharing?.tab.end();
    sharing = undefined;
  };

  const dial: Ports['transport']['connect'] = (url) => {
    const name = nameOf(toText(url));
    if (sharing?.name !== name) {
      stopSharing();
      const link = createOwnLink(
        engine,
        () => sharing,
        linkDelivery,
        givingUp,
        (view) => {
          if (process.env.NODE_ENV !== 'production') tellUnlike(options, view);
        },
      );
      sharing = { name, link, tab: createTabHere(name, link) };
    }
    const { link, tab } = sharing;
    givingUp.hasGivenUp = false;
    const socket = link.dial();
    tab.join();
    return socket;
  };

  const inner = create(
    {
      ...ports,
      transport: { ...ports.transport, connect: dial },
      signals: {
        ...ports.signals,
        online: () => true,
        listen: (tell) =>
          ports.signals.listen((signal) => {
            const isForTab = OF_THE_TAB.includes(signal);
            if (isForTab && (signal !== 'visibilitychange' || engine.state.phase === 'idle')) tell(signal);
          }),
      },
    },
    {
      ...options,
      ...{ beats: false, interval: undefined, heartbeatOfSocket: undefined, connectTimeout: Infinity },
      ...{ retries: () => !givingUp.hasGivenUp, delay: 0, beforeConnect: undefined, handshake: undefined },
      get finalCodes() {
        return givingUp.finalCodes;
      },
      // Without proof of delivery the bounds are kept beside the outbox.
      // The outbox counts its bytes if there is a bound.
      ...(options.delivery ? undefined : { limit: Infinity, maxBytes: Number.MAX_VALUE, sentStays: true }),
      ...{ delivery: linkDelivery.delivery, lastId: Math.floor(ports.chance() * 2 ** 32) * 2 ** 20, shown },
      forTopic(topic, run) {
        const link = sharing?.link;
        if (!link) return run();
        const { key, isWanted, end } = topic;
        const told = guard(engine, () => options.serializer.write(end() as never), 'callback');
        link.topic = { key, isWanted, end: told };
        try {
          return run();
        } finally {
          link.topic = undefined;
        }
      },
    },
  );
  const { engine } = inner;

  const drain = (ms: number): void => {
    inner.drain(ms);
    // Later: a command that waits comes first.
    engine.queue.enqueue(() => engine.state.closeAt < NEVER && sharing?.tab.drains());
  };
  const command = (body: Command): void => sharing?.tab.command(body);
  const shared: Connection = {
    ...inner,
    open() {
      const { phase, url, closeAt } = engine.state;
      // The call that makes a connection joins the others as they are. A command that waits may change the phase.
      const isOwnCall = engine.isReleased;
      const takesPart = (phase === 'connecting' || statusOf(phase) === 'OPEN') && closeAt === NEVER;
      const restarts = takesPart && !engine.queue.isCommanded() && toText(options.url()) === url;
      if (!restarts) inner.open();
      if (isOwnCall) command({ type: 'open', restarts });
    },
    close(code, reason = '') {
      command({ type: 'close', code, reason });
      inner.close(code, reason);
    },
    drain(ms) {
      command({ type: 'drain', ms });
      drain(ms);
    },
    leave() {
      inner.leave();
      stopSharing();
    },
    beat: () => sharing?.tab.beat(),
  };
  return { ...shared, engine };
}
