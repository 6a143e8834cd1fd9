/** npm run bench [-- --only size|messages|timers|life|recovery|herd|delivery|tabs|report] */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { launchChromium } from '../support/chromium.ts';
import { versions } from './contestants.ts';
import { measureDelivery } from './delivery.ts';
import { measureHerds } from './herd.ts';
import { measureLife } from './life.ts';
import { measureMessages } from './messages.ts';
import { measureRecovery } from './recovery.ts';
import { writeCharts } from './report/charts.ts';
import { writeReadme } from './report/readme.ts';
import { type Results, readWhatThereIs, type SectionName, type Sections, writeResults } from './results.ts';
import { measureSizes } from './size.ts';
import { measureTabs } from './tabs.ts';
import { measureTimers } from './timers.ts';

const SECTIONS: { [Name in SectionName]: () => Promise<Sections[Name]> } = {
  size: measureSizes,
  messages: measureMessages,
  timers: measureTimers,
  life: measureLife,
  recovery: measureRecovery,
  herd: measureHerds,
  delivery: measureDelivery,
  tabs: measureTabs,
};

const NAMES = Object.keys(SECTIONS) as SectionName[];

/** Tables and charts alone, from the figures there are. */
const REPORT = 'report';

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
if (only !== undefined && only !== REPORT && !NAMES.some((name) => name === only)) {
  throw new Error(`--only must be one of ${[...NAMES, REPORT].join(', ')}, received '${only}'`);
}

async function chromiumVersion(): Promise<string> {
  const browser = await launchChromium();
  const version = browser.version();
  await browser.close();
  return version;
}

let results: Partial<Results> = readWhatThereIs();
for (const name of NAMES) {
  if (only !== undefined && only !== name) continue;
  const startedAt = Date.now();
  console.info(name);
  const figures = await SECTIONS[name]();
  const today = new Date().toISOString().slice(0, 10);
  results = {
    ...results,
    versions: { ...versions(), chromium: await chromiumVersion() },
    machine: `${availableParallelism()} cores, ${process.platform} ${process.arch}`,
    dates: { ...results.dates, [name]: today } as Results['dates'],
    [name]: figures,
  };
  // After each section: what the run has cost is not lost with the next one.
  writeResults(results);
  console.info(`  ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
}

const missing = NAMES.filter((name) => !results[name]);
if (missing.length) console.info(`no tables and charts yet: ${missing.join(', ')} not measured`);
else {
  writeReadme(results as Results);
  writeCharts(results as Results);
}
