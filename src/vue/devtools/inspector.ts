import type { App, ComponentInternalInstance } from 'vue';
import type { Connection } from '../../core/connection-types.js';
import type { HeartbeatSocketError } from '../../core/errors.js';
import type { DevtoolsApi, InspectorNode, NodeAction } from './host.js';

/** The id of the plugin, of its inspector and of its timeline layer. */
export const PLUGIN = 'vue-heartbeat-socket';

/** A connection that the devtools show. */
export interface ShownConnection {
  /** Unique among the connections of the page. */
  readonly id: string;
  readonly app: App;
  readonly connection: Connection;
  /** Its holders: first the owner of the connection, then the components and scopes that joined it. */
  readonly holders: Set<Holder>;
  /** The url of the last attempt; before the first attempt, the url of the call. Secrets in it are masked. */
  url: string;
}

/** A component or scope that uses a connection. `name` is the name of the component. */
export interface Holder {
  readonly name: string;
}

/**
 * Makes a holder with the name of its component. Without a component the holder is a scope of the caller's own, such as
 * that of a store.
 */
export function holderOf(instance: ComponentInternalInstance | null, otherwise = 'effect scope'): Holder {
  const { name, __name } = (instance?.type ?? {}) as { name?: string; __name?: string };
  return { name: name ?? __name ?? (instance ? (instance.parent ? 'Anonymous' : 'Root') : otherwise) };
}

const GREEN = 0x2e7d32;
const AMBER = 0xffca28;
const RED = 0xc62828;
const GREY = 0x757575;
const COLORS: Record<string, number> = {
  open: GREEN,
  suspect: AMBER,
  connecting: AMBER,
  waiting: AMBER,
  offline: RED,
  failed: RED,
};

const phaseOf = ({ connection }: ShownConnection): string => connection.view().phase;

/** The words that the filter of the inspector searches. */
const wordsOf = (shown: ShownConnection): string =>
  [shown.url, phaseOf(shown), ...[...shown.holders].map(({ name }) => name)].join(' ');

function toNode(shown: ShownConnection): InspectorNode {
  const phase = phaseOf(shown);
  const color = COLORS[phase] ?? GREY;
  const [owner] = shown.holders;
  return {
    id: shown.id,
    label: shown.url || 'no url',
    tags: [
      { label: phase, textColor: color === AMBER ? 0 : 0xffffff, backgroundColor: color },
      { label: owner?.name ?? '', textColor: 0xffffff, backgroundColor: GREY },
    ],
  };
}

/**
 * The text that is shown of an error. While the content of messages is hidden, it is only the code: the message of a
 * parser quotes what the parser could not read.
 */
export const shownText = ({ code, message }: HeartbeatSocketError, showsPayloads: boolean): string =>
  /callback|serializer/.test(code) && !showsPayloads ? code : message;

function toState({ connection, url, holders }: ShownConnection, showsPayloads: boolean): object {
  const { phase, latency, failures, pending, retryAt, error } = connection.view();
  return {
    connection: [
      { key: 'phase', value: phase },
      { key: 'url', value: url },
      { key: 'holders', value: [...holders].map(({ name }) => name) },
      { key: 'pending', value: pending },
      { key: 'latency', value: latency === undefined ? undefined : `${latency} ms` },
      { key: 'failures', value: failures },
      { key: 'retryAt', value: retryAt && new Date(retryAt).toISOString() },
      { key: 'error', value: error && shownText(error, showsPayloads) },
    ],
  };
}

/**
 * The actions on a connection. `find` must know the connections of all apps: the devtools use the actions of the first
 * app's inspector for the connections of every app.
 */
function actionsOn(find: (id: string) => ShownConnection | undefined): NodeAction[] {
  const action = (icon: string, tooltip: string, run: (shown: ShownConnection) => void): NodeAction => ({
    icon,
    tooltip,
    action(id) {
      const shown = find(id);
      if (shown) run(shown);
    },
  });
  return [
    action('play_arrow', 'Open: connect now', ({ connection }) => connection.open()),
    action('stop', 'Close: until open() or a new url', ({ connection }) => connection.close(1000)),
    // This closes the socket without telling the connection. The server sees the socket close, the browser fires a real
    // `close` event, and the connection does what it does after any loss. A page cannot close a socket with 1006. By
    // default 4999 is not a final code.
    action('link_off', 'Drop the link: close the socket with 4999, as if the connection were lost', ({ connection }) =>
      connection.view().ws?.close(4999, 'dropped in devtools'),
    ),
  ];
}

/** What an inspector needs from the plugin. */
interface Shown {
  /** All connections of all apps. */
  all(): ShownConnection[];
  /** Whether the content of messages is shown. */
  showsPayloads(): boolean;
  /** The devtools have read this part. */
  wasRead(part: 'tree' | 'state'): void;
}

/** Adds the inspector of one app. It shows the app's connections, their state, and actions on them. */
export function addInspector(api: DevtoolsApi, app: App, { all, showsPayloads, wasRead }: Shown): void {
  const find = (id: string): ShownConnection | undefined => all().find((shown) => shown.id === id);
  api.addInspector({
    id: PLUGIN,
    label: 'Heartbeat sockets',
    icon: 'cable',
    treeFilterPlaceholder: 'Filter by url, phase or component',
    nodeActions: actionsOn(find),
  });
  api.on.getInspectorTree((request) => {
    if (request.app !== app || request.inspectorId !== PLUGIN) return;
    wasRead('tree');
    const filter = request.filter.toLowerCase();
    request.rootNodes = all()
      .filter((shown) => shown.app === app)
      .filter((shown) => wordsOf(shown).toLowerCase().includes(filter))
      .map(toNode);
  });
  api.on.getInspectorState((request) => {
    if (request.app !== app || request.inspectorId !== PLUGIN) return;
    wasRead('state');
    const shown = find(request.nodeId);
    if (shown) request.state = toState(shown, showsPayloads());
  });
}
