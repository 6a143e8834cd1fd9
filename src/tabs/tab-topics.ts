/** The topics that tabs want of one connection: they count together. */
import type { ToldTopic } from './protocol.js';

/** Who wants a topic, and what tells the server that nobody does any more. */
interface Topic {
  readonly tabs: Set<string>;
  readonly end: unknown;
}

export interface TabTopics {
  /** Whether the server has to hear of it: the first tab wants a topic, or the last one does not any more. */
  isNews(tab: string, topic: ToldTopic): boolean;
  /** A tab is gone. Gives what tells the server of each topic that nobody wants any more. */
  forgetTab(tab: string): unknown[];
  /** The connection is another one, whose server knows of no topic. */
  clear(): void;
}

export function createTabTopics(): TabTopics {
  const topics = new Map<string, Topic>();
  return {
    isNews(tab, { key, isWanted, end }) {
      const topic = topics.get(key) ?? { tabs: new Set(), end };
      const wasWanted = topic.tabs.size > 0;
      if (isWanted) topic.tabs.add(tab);
      else topic.tabs.delete(tab);
      if (topic.tabs.size) topics.set(key, topic);
      else topics.delete(key);
      return wasWanted !== topic.tabs.size > 0;
    },
    forgetTab(tab) {
      const ends: unknown[] = [];
      for (const [key, topic] of topics) {
        if (!topic.tabs.delete(tab) || topic.tabs.size) continue;
        topics.delete(key);
        ends.push(topic.end);
      }
      return ends;
    },
    clear: () => topics.clear(),
  };
}
