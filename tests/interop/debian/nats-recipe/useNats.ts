// useNats.ts
import { backoff, useHeartbeatSocket, useSubscriptions } from 'vue-heartbeat-socket';
import { type NatsOptions, nats } from 'vue-heartbeat-socket/heartbeats';

/** What a node says. `topic` is what was subscribed to, `subject` what the message is about: `prices.*` and `prices.BTC`. */
export interface NatsMessage<Value = unknown> {
  topic?: string | undefined;
  subject?: string | undefined;
  value: Value;
}

const encoder = new TextEncoder();

/** NATS separates words by spaces and lines: a subject with one of them would be another command. */
function checked(subject: string): string {
  if (!/^\S+$/.test(subject)) throw new TypeError(`no subject of NATS: ${JSON.stringify(subject)}`);
  return subject;
}

export function useNats(nodes: readonly string[], options?: NatsOptions) {
  // NATS calls a subscription by a number: its place in this list.
  const topics: string[] = [];
  const numberOf = (topic: string): number => topics.indexOf(topic) + 1 || topics.push(checked(topic));

  function read(text: string): NatsMessage {
    const end = text.indexOf('\r\n');
    const [verb, subject, number] = text.slice(0, end).split(' ');
    if (verb !== 'MSG' && verb !== 'HMSG') return { value: text };
    // HMSG has headers before the payload, and an empty line behind them.
    const start = verb === 'MSG' ? end + 2 : text.indexOf('\r\n\r\n') + 4;
    return { topic: topics[Number(number) - 1], subject, value: JSON.parse(text.slice(start, -2)) };
  }

  let turn = Math.floor(Math.random() * nodes.length);
  const socket = useHeartbeatSocket<NatsMessage, string>(() => nodes[0], {
    ...nats(options),
    // Each attempt goes to the next node.
    beforeConnect: () => nodes[turn++ % nodes.length],
    autoReconnect: {
      // The other nodes are there: no need for long waits, but the pages of a dead node should not come all at once.
      delay: backoff({ first: 1_000, base: 2_000 }),
      // NATS says 1008 to a page whose JWT has run out, or that reads too slowly: both may come back.
      finalCodes: [],
    },
    connectTimeout: 5_000,
    serializer: { read, write: (operation) => operation },
    onMessage(_, { data }) {
      if (data.startsWith("-ERR 'Permissions")) console.warn(data);
    },
  });

  const subscribe = useSubscriptions(socket, {
    subscribe: (topic: string) => `SUB ${topic} ${numberOf(topic)}\r\n`,
    unsubscribe: (topic: string) => `UNSUB ${numberOf(topic)}\r\n`,
    topicOf: ({ topic }) => topic,
  });

  function publish(subject: string, value: unknown): boolean {
    const payload = JSON.stringify(value ?? null);
    return socket.send(`PUB ${checked(subject)} ${encoder.encode(payload).length}\r\n${payload}\r\n`);
  }

  return { ...socket, publish, subscribe };
}
