/**
 * Shows the connections of an app in Vue's devtools. What is here is called in development alone, behind the same condition as
 * every warning, so that bundlers leave it out of a production build. In a page without devtools it does nothing.
 */
import {
  type App,
  type ComponentInternalInstance,
  getCurrentInstance,
  getCurrentScope,
  inject,
  onScopeDispose,
  type ShallowRef,
} from 'vue';
import type { Connection } from '../core/connection-types.js';
import type { HeartbeatSocketEvent } from '../core/log-event.js';
import type { Kept } from '../core/outbox.js';
import { type DevtoolsApi, hasDevtools, setupPlugin } from './devtools-host.js';
import { addInspector, holderOf, PLUGIN, type ShownConnection } from './devtools-inspector.js';
import { createRequest } from './devtools-request.js';
import { toTimelineEvent } from './devtools-timeline.js';
import { appSocketKey } from './injection.js';

/** All connections that have not been left, of all apps. */
const shownConnections = new Map<Connection, ShownConnection>();
let lastId = 0;

type Refs = Readonly<Record<string, ShallowRef>>;

/** What each connection keeps for its next socket, by its state: a production build then has no variable for it. */
const buffers = new WeakMap<Refs, unknown[]>();

/** What the devtools of an app do with news. Before they look at the app, nothing. */
interface AppView {
  /** The tree has changed, or only the state of what is in it. */
  refresh(isTree: boolean): void;
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
    all: () => [...shownConnections.values()],
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

/** What the devtools of an app are told through, from its first connection on. */
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
    // Devtools that were closed when the app started may set a plugin up again when they are opened.
    (api) => view.record || Object.assign(view, createView(api, app)),
  );
  return view;
}

/** A list for a connection to keep messages in, which devtools can look into. */
export function bufferFor(refs: Refs): Kept[] {
  const kept: Kept[] = [];
  buffers.set(refs, kept);
  return kept;
}

/** Shows a connection until it is left. Called before it first connects, so that nothing is missed. */
export function showInDevtools(
  app: App,
  connection: Connection,
  refs: Refs,
  maskedUrl: () => string,
  instance: ComponentInternalInstance | null,
): void {
  if (!hasDevtools()) return;
  // The app's own connection is made before it is provided to the app, and all others after.
  const isAppsOwn = !instance && !app.runWithContext(() => inject(appSocketKey, undefined));
  lastId += 1;
  const shown: ShownConnection = {
    id: `${PLUGIN}:${lastId}`,
    app,
    connection,
    refs,
    kept: buffers.get(refs) ?? [],
    holders: new Set([holderOf(instance, isAppsOwn ? 'app' : undefined)]),
    url: maskedUrl(),
  };
  shownConnections.set(connection, shown);
  const view = viewOf(app);
  connection.listeners.add({
    onEvent(event) {
      if (event.type === 'attempted') shown.url = event.url;
      if (event.phase === 'left') shownConnections.delete(connection);
      view.record?.(event, shown);
      view.refresh?.(event.type === 'changed' || event.type === 'attempted');
    },
  });
  view.refresh?.(true);
}

/** Counts the current component, or scope, among those who use a connection, until it ends. */
export function joinInDevtools(connection: Connection): void {
  const shown = shownConnections.get(connection);
  if (!shown) return;
  const holder = holderOf(getCurrentInstance());
  shown.holders.add(holder);
  views.get(shown.app)?.refresh?.(false);
  if (!getCurrentScope()) return;
  onScopeDispose(() => {
    shown.holders.delete(holder);
    views.get(shown.app)?.refresh?.(false);
  });
}
