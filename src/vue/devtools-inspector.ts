import type { App, ComponentInternalInstance, ShallowRef } from 'vue';
import type { Connection } from '../core/connection-types.js';
import type { DevtoolsApi, InspectorNode, NodeAction } from './devtools-host.js';

/** The devtools' name for the plugin, its inspector and its timeline layer. */
export const PLUGIN = 'vue-heartbeat-socket';

/** A connection as the devtools show it. */
export interface ShownConnection {
  /** The same for no other connection of the page. */
  readonly id: string;
  readonly app: App;
  readonly connection: Connection;
  /** Its state, by the names that `useHeartbeatSocket` returns it under. */
  readonly refs: Readonly<Record<string, ShallowRef>>;
  /** What is buffered. */
  readonly kept: readonly unknown[];
  /** Who uses it: the owner first, then those that joined. */
  readonly holders: Set<Holder>;
  /** Where it last went, secrets masked. */
  url: string;
}

/** A use of a connection, by the name of the component that made it. */
export interface Holder {
  readonly name: string;
}

/** What to call a component. Without one, it is a scope of the caller's own: a store's, say. */
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

const phaseOf = ({ refs }: ShownConnection): string => refs['phase']?.value;

/** What the filter looks at. */
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

function toState({ refs, url, kept, holders }: ShownConnection, showsPayloads: boolean): object {
  const { phase, latency, failures, retryAt, error } = refs;
  const { code, message } = error?.value ?? {};
  return {
    connection: [
      { key: 'phase', value: phase?.value },
      { key: 'url', value: url },
      { key: 'holders', value: [...holders].map(({ name }) => name) },
      { key: 'buffered', value: kept.length },
      { key: 'latency', value: latency?.value === undefined ? undefined : `${latency.value} ms` },
      { key: 'failures', value: failures?.value },
      { key: 'retryAt', value: retryAt?.value && new Date(retryAt.value).toISOString() },
      // A parser's message quotes what it could not parse.
      { key: 'error', value: /callback|serializer/.test(code) && !showsPayloads ? code : message },
    ],
  };
}

/** What can be done to a connection. `find` knows those of all apps: devtools ask the first app's inspector for its actions. */
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
    // The socket is closed behind the connection's back: the server sees it go, the close event is a real one, and what follows
    // is what follows any loss. A page cannot close with 1006, and 4999 is nobody's final code.
    action('link_off', 'Drop the link: close the socket with 4999, as if the connection were lost', ({ refs }) =>
      refs['ws']?.value?.close(4999, 'dropped in devtools'),
    ),
  ];
}

/** What an inspector asks of the plugin. */
interface Shown {
  all(): ShownConnection[];
  showsPayloads(): boolean;
  /** The devtools have it now. */
  wasRead(part: 'tree' | 'state'): void;
}

/** Adds the inspector of one app: its connections, their state, and actions on them. */
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
