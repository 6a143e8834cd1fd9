/** A connection to the chat's server, with all that the server says to it. */
import { WebSocket } from 'ws';
import type { ServerMessage } from '../../playground/protocol/chat.ts';

export interface ChatListener {
  readonly socket: WebSocket;
  /** All that came, in order: the JSON read, a heartbeat's answer as it is. */
  readonly heard: (ServerMessage | string)[];
  /** What came of one type. */
  of<Type extends ServerMessage['type']>(type: Type): Extract<ServerMessage, { type: Type }>[];
}

export function listenTo(url: string): ChatListener {
  const socket = new WebSocket(url);
  const heard: ChatListener['heard'] = [];
  socket.on('message', (data) => heard.push(String(data) === 'HeartBeat' ? 'HeartBeat' : JSON.parse(String(data))));
  // A cut in mid-frame is an error too, and its `close` follows.
  socket.on('error', () => {});
  return {
    socket,
    heard,
    of: <Type extends ServerMessage['type']>(type: Type) =>
      heard.filter((message) => typeof message === 'object' && message.type === type) as Extract<
        ServerMessage,
        { type: Type }
      >[],
  };
}
