/** Devtools that a test looks through: they take plugins as the real ones do, and keep what plugins tell them. */
import { afterEach, beforeEach } from 'vitest';
import type {
  DevtoolsApi,
  InspectorNode,
  NodeAction,
  PluginDescriptor,
  TimelineEvent,
} from '../../src/vue/devtools/host';

type Listener<Name extends keyof DevtoolsApi['on']> = Parameters<DevtoolsApi['on'][Name]>[0];

/** What one app's plugin has put into the devtools. */
export interface AppPanel {
  readonly plugin: PluginDescriptor;
  readonly inspectors: Parameters<DevtoolsApi['addInspector']>[0][];
  readonly layers: Parameters<DevtoolsApi['addTimelineLayer']>[0][];
  readonly events: TimelineEvent[];
  /** How often the plugin asked for the tree, and for the state, to be read again. */
  readonly refreshes: { tree: number; state: number };
  tree(filter?: string, app?: unknown, inspectorId?: string): InspectorNode[];
  /** By the key of each row. */
  state(nodeId: string, app?: unknown, inspectorId?: string): Record<string, unknown> | null;
  action(icon: string): NodeAction['action'];
  set(key: string, value: unknown, pluginId?: string): void;
  /** The devtools set the plugin up: they are open, and look at its app. */
  open(): void;
}

export interface RecordingDevtools {
  readonly panels: AppPanel[];
  readonly newest: AppPanel;
  remove(): void;
}

interface Request {
  app: unknown;
  inspectorId: string;
}

export function recordDevtools(settings: Record<string, unknown> = {}): RecordingDevtools {
  const panels: AppPanel[] = [];
  const world = globalThis as Record<string, unknown>;
  const createPanel = (plugin: PluginDescriptor, setup: (api: DevtoolsApi) => void): AppPanel => {
    const listeners = { tree: [] as Listener<'getInspectorTree'>[], state: [] as Listener<'getInspectorState'>[] };
    const heard: Listener<'setPluginSettings'>[] = [];
    const panel: AppPanel = {
      plugin,
      inspectors: [],
      layers: [],
      events: [],
      refreshes: { tree: 0, state: 0 },
      tree(filter = '', app = plugin.app, inspectorId = plugin.id) {
        const request = { app, inspectorId, filter, rootNodes: [] as InspectorNode[] };
        for (const answer of listeners.tree) answer(request);
        return request.rootNodes;
      },
      state(nodeId, app = plugin.app, inspectorId = plugin.id) {
        const request: Request & { nodeId: string; state: object | null } = { app, inspectorId, nodeId, state: null };
        for (const answer of listeners.state) answer(request);
        const rows = request.state && (Object.values(request.state).flat() as { key: string; value: unknown }[]);
        return rows && Object.fromEntries(rows.map(({ key, value }) => [key, value]));
      },
      action(icon) {
        const found = panel.inspectors[0]?.nodeActions.find((action) => action.icon === icon);
        if (!found) throw new Error(`no action has the icon ${icon}`);
        return found.action;
      },
      set(key, newValue, pluginId = plugin.id) {
        for (const hear of heard) hear({ pluginId, key, newValue });
      },
      open: () =>
        setup({
          on: {
            getInspectorTree: (answer) => listeners.tree.push(answer),
            getInspectorState: (answer) => listeners.state.push(answer),
            setPluginSettings: (hear) => heard.push(hear),
          },
          addInspector: (inspector) => panel.inspectors.push(inspector),
          sendInspectorTree: () => {
            panel.refreshes.tree += 1;
          },
          sendInspectorState: () => {
            panel.refreshes.state += 1;
          },
          addTimelineLayer: (layer) => panel.layers.push(layer),
          addTimelineEvent: ({ event }) => panel.events.push(event),
          getSettings: () => settings,
        }),
    };
    return panel;
  };
  // Vue tells the same hook of its own news.
  world['__VUE_DEVTOOLS_GLOBAL_HOOK__'] = {
    emit(event: string, plugin: PluginDescriptor, setup: (api: DevtoolsApi) => void) {
      if (event === 'devtools-plugin:setup') panels.push(createPanel(plugin, setup));
    },
    on() {},
  };
  return {
    panels,
    get newest() {
      const newest = panels.at(-1);
      if (!newest) throw new Error('no plugin was set up');
      return newest;
    },
    remove() {
      delete world['__VUE_DEVTOOLS_GLOBAL_HOOK__'];
    },
  };
}

/** Called once at the top of a test file. What it returns always shows the devtools of the test that runs. */
export function useRecordingDevtools(): RecordingDevtools & { restart(settings?: Record<string, unknown>): void } {
  let devtools: RecordingDevtools;
  beforeEach(() => {
    devtools = recordDevtools();
  });
  afterEach(() => devtools.remove());
  return {
    get panels() {
      return devtools.panels;
    },
    get newest() {
      return devtools.newest;
    },
    remove: () => devtools.remove(),
    /** Devtools that have heard nothing yet, with the settings of an earlier visit. */
    restart(settings) {
      devtools.remove();
      devtools = recordDevtools(settings);
    },
  };
}
