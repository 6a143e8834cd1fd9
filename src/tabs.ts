export type { SocketShare } from './core/share.js';
export { type TabsOptions, tabs } from './tabs/tabs.js';
export { useIsLeader } from './vue/use-is-leader.js';
