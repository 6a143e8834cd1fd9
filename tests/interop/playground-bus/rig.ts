/** What the tests of one file have started, and how they wait. */
import { afterEach, expect } from 'vitest';
import { type Balancer, startBalancer } from './balancer.ts';
import { type ChatPage, openChatPage } from './chat-page.ts';
import { type Nats, startNats } from './nats.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const LONG = { timeout: 60_000, interval: 20 };

/** Waits until the look has this result. */
export const eventually = async (look: () => unknown, expected: unknown): Promise<void> => {
  await expect.poll(look, LONG).toEqual(expected);
};

/** Called once at the top of a test file: what is begun ends with its test. */
export function useRig() {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function begin<Part>(starting: Promise<Part>, end: (part: Part) => unknown): Promise<Part> {
    const part = await starting;
    ends.push(() => end(part));
    return part;
  }

  const rig = {
    begin,
    nats: (options?: { hasJetStream?: boolean }): Promise<Nats> => begin(startNats(options), (nats) => nats.end()),
    server: (bus: string): Promise<ServerProcess> => begin(startServer('--bus', bus), (server) => server.kill()),
    balancer: (port: number): Promise<Balancer> => begin(startBalancer(port), (balancer) => balancer.end()),
    page(port: number, name: string): ChatPage {
      const page = openChatPage(port, name, 'Garden');
      ends.push(page.leave);
      return page;
    },
    /** Two processes on one NATS: Ada comes to the first by one address for both, Bob to the second. Each sees the other. */
    async two() {
      const nats = await rig.nats();
      const [one, two] = await Promise.all([rig.server(nats.address), rig.server(nats.address)]);
      const address = await rig.balancer(one.port);
      const [ada, bob] = [rig.page(address.port, 'Ada'), rig.page(two.port, 'Bob')];
      for (const page of [ada, bob]) await eventually(page.people, { Ada: 1, Bob: 1 });
      return { nats, one, two, address, ada, bob };
    },
  };
  return rig;
}
