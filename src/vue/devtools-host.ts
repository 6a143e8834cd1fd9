/**
 * The part of Vue's devtools that is used here, in the words of `@vue/devtools-api` 8. That package is not imported: as a dependency
 * every app would have to install it, and bundled into this one (8.2.1) it would weigh 106 kB, some of it under another licence
 * than MIT, and set some twenty globals in each page. All it does for a plugin is to hand it to the devtools, and the hook that
 * Vue itself reports to takes plugins too. The tests hold these types against the package's, and run in the real devtools.
 */
import type { App } from 'vue';

export interface InspectorTag {
  label: string;
  /** 0xrrggbb. */
  textColor: number;
  backgroundColor: number;
}

export interface InspectorNode {
  id: string;
  label: string;
  tags?: InspectorTag[];
}

export interface NodeAction {
  /** A Material icon, by its name. */
  icon: string;
  tooltip: string;
  action(nodeId: string): void;
}

export interface TimelineEvent {
  /** ms since the epoch. */
  time: number;
  title: string;
  subtitle: string;
  data: Record<string, unknown>;
  groupId: string;
  logType: 'default' | 'warning' | 'error';
}

/** What an inspector is asked for. Each app's plugin is asked for everything: `app` and `inspectorId` say who is meant. */
interface InspectorRequest {
  app: unknown;
  inspectorId: string;
}

/** What a plugin gets. */
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

/** What devtools put into the page before the app starts; Vue looks for it by this name. */
interface Hook {
  emit(event: 'devtools-plugin:setup', plugin: PluginDescriptor, setup: (api: DevtoolsApi) => void): void;
}

const findHook = (): Hook | undefined =>
  (globalThis as { __VUE_DEVTOOLS_GLOBAL_HOOK__?: Hook }).__VUE_DEVTOOLS_GLOBAL_HOOK__;

/** Whether there are devtools in this page. */
export const hasDevtools = (): boolean => !!findHook();

/** Hands a plugin to the devtools. They run `setup` when they look at the app: at once, later, never, or more than once. */
export const setupPlugin = (plugin: PluginDescriptor, setup: (api: DevtoolsApi) => void): void =>
  findHook()?.emit('devtools-plugin:setup', plugin, setup);
