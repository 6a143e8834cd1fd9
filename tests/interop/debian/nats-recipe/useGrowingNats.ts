// useGrowingNats.ts
import type { NatsOptions } from 'vue-heartbeat-socket/heartbeats';
import { useNats } from './useNats';

/** For a cluster whose nodes come and go: each node says which others there are, as `host:port`. */
export function useGrowingNats(first: readonly [string, ...string[]], options?: NatsOptions) {
  const nodes: string[] = [...first];
  const { protocol } = new URL(first[0]);
  return useNats(nodes, {
    ...options,
    onHandshake({ connect_urls: others }) {
      for (const host of Array.isArray(others) ? others : []) {
        const url = `${protocol}//${host}`;
        if (!nodes.includes(url)) nodes.push(url);
      }
    },
  });
}
