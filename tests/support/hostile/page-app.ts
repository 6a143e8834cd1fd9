/** What runs in a page that meets hostile servers. */
import { type Meeting, meet, type Report } from './client.ts';

declare global {
  interface Window {
    /** Meets a server, and answers with the report and what the console got meanwhile, as JSON. */
    meetHostile(meeting: Meeting): Promise<string>;
  }
}

export interface PageReport {
  readonly report: Report;
  readonly noise: readonly string[];
}

// What Chromium itself says of a connection that failed does not come this way.
const noise: string[] = [];
for (const level of ['error', 'warn', 'info', 'log', 'debug'] as const) {
  console[level] = (...words: unknown[]) => void noise.push(words.join(' '));
}
addEventListener('error', ({ message }) => noise.push(`error: ${message}`));
addEventListener('unhandledrejection', ({ reason }) => noise.push(`rejection: ${reason}`));

window.meetHostile = async (meeting) =>
  JSON.stringify({ report: await meet(meeting), noise: noise.splice(0) } satisfies PageReport);
