/**
 * Shows the connections of an app in Vue's devtools. The library calls this code in development only, behind the same
 * condition as every warning, so that bundlers leave it out of a production build. In a page without devtools this code
 * does nothing.
 */
import type { App, ComponentInternalInstance } from 'vue';
import type { Connection } from '../../core/connection-types.js';
import type { HeartbeatSocketEvent } from '../../core/log-event.js';
import { type DevtoolsApi, hasDevtools, setupPlugin } from './host.js';
import { addInspector, type Holder, holderOf, PLUGIN, type ShownConnection } from './inspector.js';
import { createRequest } from './request.js';
import { toTimelineEvent } from './timeline.js';

/**
 * All connections of all apps, until they are left. A connection without `autoClose` is never left, and is freed when it
 * is closed and nobody holds it: so the list has weak references, and a connection holds what is shown of it.
 */
const shownConnections = new Set<WeakRef<ShownConnection>>();
const shownOf = new WeakMap<Connection, ShownConnection>();
let lastId = 0;

/** The connections of the list, without those that were freed. */
function allShown(): ShownConnection[] {
  const all: ShownConnection[] = [];
  for (const reference of shownConnections) {
    const shown = reference.deref();
    if (shown) all.push(shown);
    else shownConnections.delete(reference);
  }
  return all;
}

/** Takes the changes of an app's connections to the devtools. It is empty until the devtools look at the app. */
interface AppView {
  /** Asks the devtools to read the state of the connections again, and (`isTree`) the list of connections, too. */
  refresh(isTree: boolean): void;
  /** Adds an event to the timeline. */
  record(event: HeartbeatSocketEvent, shown: ShownConnection): void;
}

const views = new WeakMap<App, Partial<AppView>>();

function createView(api: DevtoolsApi, app: App): AppView {
  let showsPayloads = api.getSettings()['payloads'] === true;
  api.on.setPluginSettings(({ pluginId, key, newValue }) => {
    if (pluginId === PLUGIN && key === 'payloads') showsPayloads = newValue === true;
  });
  const tree = createRequest(() => api.sendInspectorTree(PLUGIN));
  const state = createRequest(() => api.sendInspectorState(PLUGIN));
  addInspector(api, app, {
    all: allShown,
    showsPayloads: () => showsPayloads,
    wasRead: (part) => (part === 'tree' ? tree : state).end(),
  });
  api.addTimelineLayer({ id: PLUGIN, label: 'Heartbeat sockets', color: 0x41b883 });
  return {
    refresh(isTree) {
      if (isTree) tree.begin();
      state.begin();
    },
    record: (event, shown) =>
      api.addTimelineEvent({ layerId: PLUGIN, event: toTimelineEvent(event, shown, showsPayloads) }),
  };
}

/** Returns the view of an app. The first connection of the app sets the plugin up. */
function viewOf(app: App): Partial<AppView> {
  const known = views.get(app);
  if (known) return known;
  const view: Partial<AppView> = {};
  views.set(app, view);
  const payloads = {
    label: 'Show what messages carry',
    description: 'In the timeline, from now on, up to 2 KB of each',
    type: 'boolean',
    defaultValue: false,
  } as const;
  setupPlugin(
    { id: PLUGIN, label: 'Heartbeat sockets', packageName: PLUGIN, app, settings: { payloads } },
    // If the devtools were closed when the app started, they may set a plugin up again when the user opens them.
    (api) => view.record || Object.assign(view, createView(api, app)),
  );
  return view;
}

/** Shows a connection until it is left. Called before the connection first connects, so that no event is missed. */
export function showInDevtools(
  app: App,
  connection: Connection,
  maskedUrl: () => string,
  instance: ComponentInternalInstance | null,
): void {
  if (!hasDevtools()) return;
  lastId += 1;
  const shown: ShownConnection = {
    id: `${PLUGIN}:${lastId}`,
    app,
    connection,
    holders: new Set([holderOf(instance)]),
    url: maskedUrl(),
  };
  // References to what was freed would pile up where nobody reads the list.
  allShown();
  const reference = new WeakRef(shown);
  const view = viewOf(app);
  shownConnections.add(reference);
  shownOf.set(connection, shown);
  connection.listeners.add({
    onEvent(event) {
      if (event.type === 'attempted') shown.url = event.url;
      if (event.phase === 'left') {
        shownConnections.delete(reference);
        shownOf.delete(connection);
      }
      view.record?.(event, shown);
      view.refresh?.(event.type === 'changed' || event.type === 'attempted');
    },
  });
  view.refresh?.(true);
}

/** A connection that was just made belongs to no component: its holders join it. */
export const shareInDevtools = (connection: Connection): void => shownOf.get(connection)?.holders.clear();

/** Lists a holder of a connection, until the function that is returned is called. */
export function joinInDevtools(connection: Connection, holder: Holder = holderOf(null)): () => void {
  const shown = shownOf.get(connection);
  const refresh = (): void => shown && views.get(shown.app)?.refresh?.(false);
  shown?.holders.add(holder);
  refresh();
  return () => {
    shown?.holders.delete(holder);
    refresh();
  };
}
