/** The figures of the last run of each section, and where they are kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { DeliveryResult } from './delivery.ts';
import type { HerdsResult } from './herd.ts';
import type { LifeResult } from './life.ts';
import type { MessagesResult } from './messages.ts';
import type { RecoveryResult } from './recovery.ts';
import type { SizeResult } from './size.ts';
import type { TabsResult } from './tabs.ts';
import type { TimersResult } from './timers.ts';

export interface Sections {
  readonly size: SizeResult;
  readonly messages: MessagesResult;
  readonly timers: TimersResult;
  readonly life: LifeResult;
  readonly recovery: RecoveryResult;
  readonly herd: HerdsResult;
  readonly delivery: DeliveryResult;
  readonly tabs: TabsResult;
}

export type SectionName = keyof Sections;

export interface Results extends Sections {
  readonly versions: Readonly<Record<string, string>>;
  /** What ran it. */
  readonly machine: string;
  /** When each section was measured: year, month, day. */
  readonly dates: Readonly<Record<SectionName, string>>;
}

const FILE = new URL('results.json', import.meta.url);

export const readResults = (): Results => JSON.parse(readFileSync(FILE, 'utf8'));

export function readWhatThereIs(): Partial<Results> {
  try {
    return readResults();
  } catch {
    return {};
  }
}

export const writeResults = (results: Partial<Results>): void =>
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 2)}\n`);
