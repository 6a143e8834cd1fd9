/** What happens to the page: the component comes and goes, the page is frozen, the browser says there is no network. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, isGone, lasting, type Stage } from './fault.ts';

/** A connection that the server still counts so long (ms) after a log-out is one too many. */
const GONE = 300;

async function unmountFor({ server, page, broken }: Stage, ms: number): Promise<void> {
  await page.unmount();
  await sleep(ms);
  if (ms > GONE && !(await isGone(server))) broken.push(`a live connection ${Math.round(ms)} ms after the unmount`);
  const { sockets, timers, listeners } = await page.look();
  if (sockets + timers + listeners) {
    broken.push(`left after an unmount: ${sockets} sockets, ${timers} timers, ${listeners} listeners`);
  }
}

/** Log out and log in: some times in a hurry, and once for longer. */
export const unmountAndMount: Fault = {
  kind: 'unmount, mount',
  cause: 'local',
  async run(stage) {
    const { page, chance } = stage;
    for (let times = Math.floor(chance.between(0, 3)); times > 0; times -= 1) {
      await page.unmount();
      await page.mount();
      await sleep(chance.between(0, 100));
    }
    await unmountFor(stage, chance.between(0, 1_500));
    const from = Date.now();
    await page.mount();
    return from;
  },
};

export const freeze = lasting(
  'freeze',
  'local',
  [200, 3_000],
  ({ page }) => page.freeze(),
  ({ page }) => page.resume(),
);

export const freezeAndCut: Fault = {
  ...freeze,
  kind: 'freeze, link lost',
  run: (stage) => freeze.run(stage, async () => stage.server.proxy.cut()),
};

/** As the browser says it: what is sent on the connection there is waits for the end. */
export const offline = lasting(
  'offline',
  'local',
  [100, 2_000],
  ({ page }) => page.offline(),
  ({ page }) => page.online(),
);

/** The browser changes its mind some times, as on the edge of a wireless network: the last `online` meets an attempt. */
export const flapping: Fault = {
  kind: 'offline and online in turn',
  cause: 'local',
  async run({ page, chance }) {
    let onlineAt = 0;
    for (let times = 3; times > 0; times -= 1) {
      await page.offline();
      await sleep(chance.between(0, 200));
      onlineAt = await page.online();
      await sleep(chance.between(0, 200));
    }
    return onlineAt;
  },
};

export const offlineAndCut = lasting(
  'offline, link lost',
  'local',
  [100, 2_000],
  ({ server: { proxy }, page }) => {
    proxy.cut();
    proxy.isMute = true;
    return page.offline();
  },
  ({ server: { proxy }, page }) => {
    proxy.isMute = false;
    return page.online();
  },
);
