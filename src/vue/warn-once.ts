import { warn } from 'vue';

const said = new Set<string>();

/**
 * Warns in development, once for each text: a component in a list may make the same mistake in each of a hundred rows.
 */
export function warnOnce(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  warn(text);
}
