/**
 * The bus by NATS. The log is a stream of JetStream: NATS numbers the entries, and keeps the newest on its disk.
 * What processes tell beside it are plain messages.
 */
import { randomBytes } from 'node:crypto';
import { connect, type JetStreamClient, type JetStreamManager, type KV, type NatsConnection } from 'nats';
import { BUS_PATIENCE, type Bus, type LogReader } from './bus.ts';
import { addressesOf, shownAddress } from './bus-address.ts';
import { followStream } from './nats-log.ts';
import { AGAIN, pause, watchReach } from './nats-reach.ts';
import { ensureStream, HERE, SAID, STREAM } from './nats-stream.ts';

/** The bucket with what processes agree upon, and the name of the key for tokens in it. */
const BUCKET = 'playground';
const KEY = 'token-key';
const KEY_BYTES = 32;

/** ms between two questions whether the bus still answers. */
const PING = 2_000;

/** Throws, with a sentence for who has started the server, when the bus cannot be reached or cannot be used. */
export async function openNatsBus(given: readonly string[]): Promise<Bus> {
  const { servers, ...login } = addressesOf(given);
  const shown = given.map(shownAddress).join(', ');
  const nats = await connect({
    ...login,
    servers,
    timeout: 5_000,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: AGAIN,
    reconnectJitter: AGAIN,
    pingInterval: PING,
    maxPingOut: 2,
  }).catch(({ code }: { code?: string }) => {
    throw new Error(`The bus ${shown} cannot be reached (${code ?? 'no answer'}). Start it: nats-server --jetstream`);
  });
  try {
    const manager = await nats.jetstreamManager({ timeout: BUS_PATIENCE });
    await ensureStream(manager);
    const stream = nats.jetstream({ timeout: BUS_PATIENCE });
    return createBus(nats, manager, stream, await agreeOnKey(stream));
  } catch (error) {
    await nats.close();
    throw new Error(
      `The bus ${shown} cannot keep what is said (${(error as Error).message}). It needs JetStream: nats-server --jetstream`,
    );
  }
}

function createBus(nats: NatsConnection, manager: JetStreamManager, stream: JetStreamClient, key: Buffer): Bus {
  let log: Awaited<ReturnType<typeof followStream>> | undefined;
  let reader: LogReader | undefined;

  /** The log may be another one than before. */
  async function renew(): Promise<void> {
    await ensureStream(manager);
    await log?.renew();
    await keepKey(stream, key);
  }
  const link = watchReach(nats, renew, () => reader?.reach());

  return {
    key,
    get isReachable() {
      return link.isReachable;
    },
    async follow(given) {
      reader = given;
      log = await followStream(manager, stream, given);
    },
    async append(room, bytes) {
      try {
        await stream.publish(`${SAID}.${room}`, bytes, { expect: { streamName: STREAM } });
      } catch (error) {
        link.doubt();
        throw error;
      }
    },
    tell(bytes) {
      if (link.isReachable && !nats.isClosed()) nats.publish(HERE, bytes);
    },
    hear(listener) {
      nats.subscribe(HERE, { callback: (error, message) => void (error ?? listener(message.data)) });
    },
    async close() {
      log?.end();
      // The bus may end at the same time, or give no answer.
      if (link.isReachable) await Promise.race([nats.flush().catch(() => {}), pause(BUS_PATIENCE)]);
      await nats.close();
    },
  };
}

/** The first process makes the key, and the others find it. */
async function agreeOnKey(stream: JetStreamClient): Promise<Buffer> {
  const bucket = await keepKey(stream, randomBytes(KEY_BYTES));
  const key = (await bucket.get(KEY))?.value;
  if (key?.length !== KEY_BYTES) throw new Error('what it has as the key for tokens is none');
  return Buffer.from(key);
}

/** Puts this key where the bus has none. */
async function keepKey(stream: JetStreamClient, key: Buffer): Promise<KV> {
  const bucket = await stream.views.kv(BUCKET);
  await bucket.create(KEY, key).catch(() => {});
  return bucket;
}
