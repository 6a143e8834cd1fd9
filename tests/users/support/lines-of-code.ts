import { readFileSync } from 'node:fs';

/** How many lines of a file are code: neither blank nor comments. */
export function linesOfCode(path: string): number {
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '');
  return text.split('\n').filter((line) => line.trim() && !line.trim().startsWith('//')).length;
}
