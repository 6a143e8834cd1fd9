/** Reads the stream from its oldest entry on, in order: also over a loss of the connection, and a loss of the stream. */
import type { ConsumerMessages, JetStreamClient, JetStreamManager } from 'nats';
import { BUS_PATIENCE, type LogReader } from './bus.ts';
import { SAID, STREAM } from './nats-stream.ts';

interface Beginning {
  /** Tells this stream from one that is made anew. */
  readonly epoch: string;
  readonly forgotten: number;
  readonly last: number;
}

export async function followStream(manager: JetStreamManager, stream: JetStreamClient, reader: LogReader) {
  let epoch = '';
  let reading: ConsumerMessages | undefined;

  /** Resolves once all that was there has been read. */
  async function readFrom({ forgotten, last, ...log }: Beginning): Promise<void> {
    reading?.stop();
    reading = undefined;
    epoch = log.epoch;
    reader.begin(epoch, forgotten);
    const consumer = await stream.consumers.get(STREAM);
    let caughtUp = (): void => {};
    const isRead = new Promise<void>((resolve) => {
      caughtUp = resolve;
      if (last <= forgotten) resolve();
      setTimeout(resolve, BUS_PATIENCE).unref();
    });
    reading = await consumer.consume({
      callback({ seq, subject, data }) {
        // A consumer that was stopped in the moment in which it began anew delivers all the same.
        if (epoch !== log.epoch) return;
        reader.read(seq, subject.slice(SAID.length + 1), data);
        if (seq >= last) caughtUp();
      },
    });
    await isRead;
  }

  await readFrom(await beginningOf(manager));

  return {
    /** Begins anew, if the stream is another one, or if the bus went away before it was read. */
    async renew(): Promise<void> {
      const beginning = await beginningOf(manager);
      if (beginning.epoch !== epoch || !reading) await readFrom(beginning);
    },
    end: () => reading?.stop(),
  };
}

async function beginningOf(manager: JetStreamManager): Promise<Beginning> {
  const { created, state } = await manager.streams.info(STREAM);
  const { messages, first_seq, last_seq } = state;
  const forgotten = messages ? first_seq - 1 : last_seq;
  return { epoch: Date.parse(created).toString(36), forgotten, last: last_seq };
}
