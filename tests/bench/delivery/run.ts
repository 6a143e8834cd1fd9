/** Runs the contestants side by side on the same plan of faults. */
import { openTabs } from '../../soak/tabs.ts';
import { bundlePage } from '../bundle.ts';
import { SOCKET_IO } from '../page/delivery-names.ts';
import { startSite } from '../site.ts';
import { startPlainServer } from './plain-server.ts';
import type { Work } from './plan.ts';
import { openRig, type RigReport, runRig } from './rig.ts';
import type { DeliveryServer } from './server.ts';
import { startSocketIoServer } from './socket-io-server.ts';

export async function runDelivery(names: readonly string[], work: Work): Promise<Map<string, RigReport>> {
  const [site, tabs] = await Promise.all([bundlePage('delivery-page').then(startSite), openTabs()]);
  const servers: DeliveryServer[] = [];
  try {
    const reports = await Promise.all(
      names.map(async (name) => {
        const server = await (name === SOCKET_IO ? startSocketIoServer() : startPlainServer());
        servers.push(server);
        const rig = await openRig(tabs.context, site.address(name), name, server);
        return [name, await runRig(rig, work)] as const;
      }),
    );
    return new Map(reports);
  } finally {
    await tabs.close();
    for (const server of servers) await server.end();
    await site.end();
  }
}
