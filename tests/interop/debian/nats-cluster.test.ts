/** The recipe of `.github/NATS.md` on a cluster of three nodes: a page that is on one of them, and what becomes of it when that one goes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { atLeastOnce } from 'vue-heartbeat-socket';
import { createOperator } from '../support/nats-jwt';
import { type Access, type Cluster, type Page, startCluster } from './nats-cluster';

/** Waits until the expectation holds, on a machine that may be slow. */
const until = <T>(expectation: () => T): Promise<T> => vi.waitFor(expectation, { interval: 20, timeout: 60_000 });

const seen: string[] = [];

/** Takes what was seen, and when. */
const note = (what: string, since: number): void =>
  void seen.push(`${what}: ${((performance.now() - since) / 1_000).toFixed(1)} s`);

/** Each test has a cluster of its own, so they all run at the same time. `access`: who may connect to it. */
const onCluster = test.extend<{ access: Access | undefined; cluster: Cluster }>({
  access: undefined,
  async cluster({ access }, use) {
    const cluster = await startCluster(access);
    try {
      await use(cluster);
    } finally {
      await cluster.end();
    }
  },
});

const isOn = (page: Page, node: number): Promise<void> => until(() => expect(page.node()).toBe(node));

/** The page is open, on some node. */
const isOnSome = (page: Page): Promise<number> =>
  until(() => {
    expect(page.node()).toBeGreaterThanOrEqual(0);
    return page.node() as number;
  });

/** The node that has its turn after this one, and the one after that. */
const after = (node: number): [number, number] => [(node + 1) % 3, (node + 2) % 3];

let rounds = 0;

/** The page hears what another page says on this node, in order, and each message once. */
async function hearsEachMessageOnce(page: Page, cluster: Cluster, node: number): Promise<void> {
  const other = cluster.page({ only: node });
  await isOn(other, node);
  rounds += 1;
  const [probe, subject] = [`chat.probe-${rounds}`, `chat.round-${rounds}`];
  // A node learns a moment later what the others want to hear.
  let saidAt = -Infinity;
  await until(() => {
    if (performance.now() - saidAt > 200) {
      saidAt = performance.now();
      other.publish(probe, 'probe');
    }
    expect(page.heard(probe)).not.toEqual([]);
  });
  const said = [1, 2, 3, 4, 5];
  for (const value of said) other.publish(subject, value);
  other.publish(probe, 'the end');
  await until(() => expect(page.heard(probe)).toContain('the end'));
  expect(page.heard(subject)).toEqual(said);
}

afterAll(() => console.info(['NATS, three nodes', ...seen].join('\n  ')));

onCluster.concurrent('what a page says on one node is heard once on another', async ({ cluster }) => {
  const page = cluster.page();
  const node = await isOnSome(page);
  for (const another of after(node)) await hearsEachMessageOnce(page, cluster, another);
  expect(page.ends()).toEqual([]);
});

onCluster.concurrent(
  'the node is killed: the page is on the next one, and hears each message once',
  async ({ cluster }) => {
    const page = cluster.page();
    const node = await isOnSome(page);
    const [next, another] = after(node);
    await hearsEachMessageOnce(page, cluster, another);
    const since = performance.now();
    await cluster.nodes[node]?.halt('SIGKILL');
    await isOn(page, next);
    await hearsEachMessageOnce(page, cluster, another);
    note('killed, data again after', since);
    expect(page.ends()).toEqual(['1006 ']);
  },
);

onCluster.concurrent(
  'the node stands still: the heartbeat notices, and what was said meanwhile is not heard',
  async ({ cluster }) => {
    const page = cluster.page();
    const node = await isOnSome(page);
    const [next, another] = after(node);
    await hearsEachMessageOnce(page, cluster, another);
    const other = cluster.page({ only: another });
    await isOn(other, another);
    const since = performance.now();
    await cluster.nodes[node]?.pause();
    other.publish('chat.meanwhile', 'lost');
    await isOn(page, next);
    await hearsEachMessageOnce(page, cluster, another);
    note('stopped, data again after', since);
    expect(page.ends()).toEqual(['1006 silence']);
    cluster.nodes[node]?.thaw();
    await hearsEachMessageOnce(page, cluster, node);
    expect(page.heard('chat.meanwhile')).toEqual([]);
    expect(page.node()).toBe(next);
  },
);

onCluster.concurrent(
  'the node is stopped in order: it says so, and the page is on the next one',
  async ({ cluster }) => {
    const page = cluster.page();
    const node = await isOnSome(page);
    const [next, another] = after(node);
    const since = performance.now();
    await cluster.nodes[node]?.halt('SIGTERM');
    await isOn(page, next);
    await hearsEachMessageOnce(page, cluster, another);
    note('SIGTERM, data again after', since);
    expect(page.ends()).toEqual(['1001 Server Shutdown']);
  },
);

onCluster.concurrent(
  'the node sends its pages away before it ends, and the page is on the next one',
  async ({ cluster }) => {
    const page = cluster.page();
    const node = await isOnSome(page);
    const [next, another] = after(node);
    const since = performance.now();
    await cluster.nodes[node]?.halt('SIGUSR2');
    await isOn(page, next);
    await hearsEachMessageOnce(page, cluster, another);
    note('SIGUSR2, data again after', since);
    expect(page.ends()).toEqual(['1001 Server Shutdown']);
  },
);

onCluster.concurrent('a node that is back is used again when its turn comes', async ({ cluster }) => {
  const page = cluster.page();
  const first = await isOnSome(page);
  const [second, third] = after(first);
  await cluster.nodes[first]?.halt('SIGKILL');
  await isOn(page, second);
  await cluster.nodes[first]?.resume();
  await cluster.nodes[second]?.halt('SIGKILL');
  await isOn(page, third);
  await cluster.nodes[second]?.resume();
  await cluster.nodes[third]?.halt('SIGKILL');
  await isOn(page, first);
  await hearsEachMessageOnce(page, cluster, second);
});

onCluster.concurrent(
  'all nodes are away for a while: what the page says waits, and goes out once they are back',
  async ({ cluster }) => {
    const page = cluster.page();
    await isOnSome(page);
    await Promise.all(cluster.nodes.map((node) => node.halt('SIGKILL')));
    await until(() => expect(page.ends()).toEqual(['1006 ']));
    page.publish('chat.waits', 'still here');
    await sleep(1_000);
    const since = performance.now();
    await Promise.all(cluster.nodes.map((node) => node.resume()));
    const node = await isOnSome(page);
    // The page hears its own message, so it has subscribed before it was sent.
    await until(() => expect(page.heard('chat.waits')).toEqual(['still here']));
    for (const another of after(node)) await hearsEachMessageOnce(page, cluster, another);
    note('all nodes are back, data again after', since);
    expect(page.heard('chat.waits')).toEqual(['still here']);
  },
);

onCluster.concurrent(
  'with proof of delivery: what the page said to a node that stands still goes to the next one',
  async ({ cluster }) => {
    const page = cluster.page({ delivery: atLeastOnce() });
    const node = await isOnSome(page);
    const [next, another] = after(node);
    await hearsEachMessageOnce(page, cluster, another);
    await cluster.nodes[node]?.pause();
    page.publish('chat.precious', 'still here');
    await isOn(page, next);
    await cluster.nodes[node]?.halt('SIGKILL');
    // The page hears itself.
    await until(() => expect(page.heard('chat.precious')).toEqual(['still here']));
  },
);

onCluster.concurrent('a page that knows one node learns of the others', async ({ cluster }) => {
  const everywhere = cluster.page();
  const node = await isOnSome(everywhere);
  const [next, another] = after(node);
  for (const other of [next, another]) await hearsEachMessageOnce(everywhere, cluster, other);
  const page = cluster.page({ only: node, isCurious: true });
  await isOn(page, node);
  await cluster.nodes[node]?.halt('SIGKILL');
  await until(() => expect([next, another]).toContain(page.node()));
  await hearsEachMessageOnce(page, cluster, next);
});

const operator = createOperator();
const lifetimes = [5];
/** The first JWT is good for some seconds, the others for an hour. */
const byJwt: Access = {
  config: operator.config,
  shows: { jwt: async () => operator.userFor(lifetimes.shift() ?? 3_600) },
};
const onClusterWithJwt = onCluster.extend({ access: byJwt });

onClusterWithJwt.concurrent('the JWT of the page runs out: the page comes back with a new one', async ({ cluster }) => {
  const page = cluster.page();
  const node = await isOnSome(page);
  const [next, another] = after(node);
  await until(() => expect(page.ends()).toEqual(['1008 Authentication Expired']));
  await isOn(page, next);
  await hearsEachMessageOnce(page, cluster, another);
});
