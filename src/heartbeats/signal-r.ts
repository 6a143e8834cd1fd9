import { ended, fieldsOf, figuresOf, unexpected } from './frames.js';
import type { Preset, PresetFigures } from './preset.js';

/** Ends each record. */
const END = '\x1e';

/**
 * ASP.NET Core SignalR with its JSON protocol.
 *
 * - The url is that of the hub as `wss://`, with `?access_token=TOKEN` where the hub wants a login. A hub of ASP.NET Core takes
 *   such a connection as it is. The Azure SignalR Service has its own url and token for each connection, which a POST to
 *   `/hub/negotiate?negotiateVersion=1` gives: `beforeConnect` can fetch them, and answer with that url.
 * - Handshake: this side sends `{"protocol":"json","version":1}`, and the server answers `{}`, or an error.
 * - Heartbeats: each side sends `{"type":6}` when it has sent nothing for 15 s, and neither answers. After 30 s of silence the
 *   connection is lost, as in Microsoft's own clients and servers.
 * - A frame may hold several records, each with 0x1e behind it: the app gets each as a message of its own, without that character.
 *   What the app sends has it: see the example.
 * - The end: when the server says `{"type":7,"error":..}` (close), coming back is useless: the phase is `failed`, as after the close code
 *   1008. With `"allowReconnect":true` the library comes back, as after 1012.
 *
 * It has no MessagePack, and no stateful reconnect.
 *
 * @see https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
 *
 * @example
 * useHeartbeatSocket('wss://example.com/chat', {
 *   ...signalR(),
 *   serializer: { read: JSON.parse, write: (value) => `${JSON.stringify(value)}\x1e` },
 *   onMessage: (_, { data }) => show(data),
 * })
 */
export const signalR = (figures?: PresetFigures): Preset => ({
  heartbeat: {
    beats: 'both',
    message: `{"type":6}${END}`,
    control(data) {
      const records = `${data}`.split(END);
      // What follows the last end is no record.
      if (records.pop()) return undefined;
      const messages = records.filter((record) => fieldsOf(record).type !== 6);
      const { type, error, allowReconnect } = fieldsOf(messages[0]);
      // Behind messages of the app the close reaches the app as well, and the end of the socket follows.
      return type === 7 ? ended(error, !allowReconnect) : { messages };
    },
    ...figuresOf(figures, 15_000, 15_000),
  },
  async handshake({ send, receive }) {
    send(`{"protocol":"json","version":1}${END}`);
    const data = await receive();
    // Servers of SignalR 3.0 name a `minorVersion`, so any object that is no message will do.
    const { error, type = error } = fieldsOf(data);
    if (type || !/^{/.test(data as string)) throw unexpected(type);
    return undefined;
  },
});
