import { warn } from 'vue';

const said = new Set<string>();

/** For development: a mistake that is made in each of a hundred rows is told of once. */
export function warnOnce(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  warn(text);
}
