/** What runs in a page whose connections are given secrets: all that the library makes of them is written down. */
import { createApp, effectScope } from 'vue';
import { type HeartbeatSocketError, type UseHeartbeatSocketOptions, useHeartbeatSocket } from 'vue-heartbeat-socket';

export interface Made {
  /** The code of the last error. */
  readonly code: string | undefined;
  /** Errors, events, and what the library printed, as texts. */
  readonly texts: readonly string[];
  /** What the browser itself has thrown, so that the test knows that there was a secret to give away. */
  readonly browser: readonly string[];
}

declare global {
  interface Window {
    secrets: { run(way: string, secret: string, server: string): Promise<Made> };
  }
}

type Socket = ReturnType<typeof useHeartbeatSocket>;

interface Way extends UseHeartbeatSocketOptions {
  url?: string;
  opened?(socket: Socket): void;
}

const said: string[] = [];
const thrown: string[] = [];

/** What a text of the library may look like: as a text, as data, and with its causes. */
const textsOf = (value: unknown): string[] => {
  const { message, stack, cause, name } = Object(value) as HeartbeatSocketError;
  return [`${value}`, JSON.stringify(value), ...[message, stack, name, JSON.stringify(cause)].map(String)];
};

for (const name of ['error', 'warn', 'log'] as const) {
  console[name] = (...args: unknown[]) => void said.push(...args.flatMap(textsOf));
}

/** Notes what the browser throws, and lets it pass. */
function watched<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    thrown.push(String(error));
    throw error;
  }
}

/** The browser's own class, whose errors are noted. */
class WatchedWebSocket {
  constructor(url: string, protocols: string[]) {
    const socket = watched(() => new WebSocket(url, protocols));
    const { close } = socket;
    socket.close = (...args) => watched(() => close.apply(socket, args));
    // biome-ignore lint/correctness/noConstructorReturn: the real socket is what the library shall have
    return socket;
  }
}

const refused = async (request: Promise<unknown>): Promise<never> => {
  await request.catch((error) => {
    thrown.push(String(error));
    throw error;
  });
  throw new Error('the request was answered');
};

const WAYS: Record<string, (secret: string, server: string) => Way> = {
  'a sub-protocol': (secret) => ({ protocols: ['bearer', secret] }),
  'the same sub-protocol twice': (secret) => ({ protocols: [secret, secret] }),
  'a password in a url that cannot be used': (secret) => ({ url: `wss://ann:${secret}@host:99999/` }),
  'a url': (secret, server) => ({ url: `${server}/live/${secret}?token=${secret}` }),
  'a fragment': (secret, server) => ({ url: `${server}/live#${secret}` }),
  'credentials in a fetch': (secret) => ({
    beforeConnect: () => refused(fetch(`https://ann:${secret}@127.0.0.1:1/token?key=${secret}`)),
  }),
  'a fetch that fails': (secret) => ({ beforeConnect: () => refused(fetch(`http://127.0.0.1:1/${secret}`)) }),
  'a fetch of no url': (secret) => ({ beforeConnect: () => refused(fetch(`http://[${secret}/token`)) }),
  'an answer that is no JSON': (secret) => ({ beforeConnect: () => refused(new Response(secret).json()) }),
  'a close reason': (secret) => ({ opened: ({ close }) => close(4000, secret.repeat(20)) }),
  'a message that is no JSON': (secret) => ({
    serializer: { read: (text) => watched(() => JSON.parse(text)), write: String },
    opened: ({ send }) => void send(secret),
  }),
};

async function run(name: string, secret: string, server: string): Promise<Made> {
  const way = WAYS[name] as (typeof WAYS)[string];
  const { url = `${server}/live`, opened, ...options } = way(secret, server);
  said.length = thrown.length = 0;
  const errors: HeartbeatSocketError[] = [];
  const texts: string[] = [];
  const scope = effectScope();
  const app = createApp({ render: () => null });
  const socket = app.runWithContext(() =>
    scope.run(() =>
      useHeartbeatSocket(url, {
        WebSocket: WatchedWebSocket as never,
        ...options,
        onConnected: () => opened?.(socket),
        onEvent({ ...event }) {
          if (event.type === 'erred') errors.push(event.error);
          // The data of messages, and the reason of a close, are there on purpose.
          texts.push(JSON.stringify(event, (key, value) => (key === 'data' || key === 'reason' ? undefined : value)));
        },
      }),
    ),
  ) as Socket;
  const end = Date.now() + 5_000;
  while (!errors.length && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  scope.stop();
  const error = socket.error.value ?? errors.at(-1);
  return { code: error?.code, texts: [...texts, ...errors.flatMap(textsOf), ...said], browser: [...thrown] };
}

window.secrets = { run };
