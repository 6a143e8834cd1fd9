/**
 * The part of Vue's devtools that this library uses, with the names of `@vue/devtools-api` 8. The library does not
 * import that package. As a dependency, every app would have to install it. Bundled into this library, version 8.2.1
 * would add 106 kB, some of it under another licence than MIT, and would set some twenty globals in each page. For a
 * plugin the package does one thing: it hands the plugin to the devtools. The hook that Vue itself reports to takes
 * plugins, too. The tests compare these types with those of the package, and run in the real devtools.
 */
import type { App } from 'vue';

export interface InspectorTag {
  label: string;
  /** The color, as 0xrrggbb. */
  textColor: number;
  backgroundColor: number;
}

export interface InspectorNode {
  id: string;
  label: string;
  tags?: InspectorTag[];
}

export interface NodeAction {
  /** The name of a Material icon. */
  icon: string;
  tooltip: string;
  action(nodeId: string): void;
}

export interface TimelineEvent {
  /** When the event happened, in ms since the epoch. */
  time: number;
  title: string;
  subtitle: string;
  data: Record<string, unknown>;
  groupId: string;
  logType: 'default' | 'warning' | 'error';
}

/**
 * A question of the devtools to an inspector. The devtools send each question to the plugins of all apps: `app` and
 * `inspectorId` say which inspector should answer.
 */
interface InspectorRequest {
  app: unknown;
  inspectorId: string;
}

/** The functions that the devtools give to a plugin. */
export interface DevtoolsApi {
  on: {
    getInspectorTree(
      answer: (request: InspectorRequest & { filter: string; rootNodes: InspectorNode[] }) => void,
    ): void;
    getInspectorState(answer: (request: InspectorRequest & { nodeId: string; state: object | null }) => void): void;
    setPluginSettings(heard: (change: { pluginId: string; key: string; newValue: unknown }) => void): void;
  };
  addInspector(options: {
    id: string;
    label: string;
    icon: string;
    treeFilterPlaceholder: string;
    nodeActions: NodeAction[];
  }): void;
  sendInspectorTree(inspectorId: string): void;
  sendInspectorState(inspectorId: string): void;
  addTimelineLayer(options: { id: string; label: string; color: number }): void;
  addTimelineEvent(options: { layerId: string; event: TimelineEvent }): void;
  getSettings(): Record<string, unknown>;
}

export interface PluginDescriptor {
  id: string;
  label: string;
  packageName: string;
  app: App;
  settings: Record<string, { label: string; description: string; type: 'boolean'; defaultValue: boolean }>;
}

/** The hook that the devtools put into the page before the app starts. Vue finds it by its global name. */
interface Hook {
  emit(event: 'devtools-plugin:setup', plugin: PluginDescriptor, setup: (api: DevtoolsApi) => void): void;
}

const findHook = (): Hook | undefined =>
  (globalThis as { __VUE_DEVTOOLS_GLOBAL_HOOK__?: Hook }).__VUE_DEVTOOLS_GLOBAL_HOOK__;

/** Whether this page has devtools. */
export const hasDevtools = (): boolean => !!findHook();

/**
 * Hands a plugin to the devtools. The devtools run `setup` when they look at the app: at once, later, never, or more
 * than once.
 */
export const setupPlugin = (plugin: PluginDescriptor, setup: (api: DevtoolsApi) => void): void =>
  findHook()?.emit('devtools-plugin:setup', plugin, setup);
