import { fieldsOf, type Given, unexpected, valueFrom } from './frames.js';
import type { CountingPreset, PresetFigures } from './preset.js';

export interface MattermostOptions extends PresetFigures {
  /**
   * The session's or a bot's token, or a function that gives a token for each connection. Left out: the browser's cookie tells
   * who the user is.
   */
  token?: Given<string>;
}

/**
 * Mattermost. The handshake: this side sends the token (`authentication_challenge`, with `seq` 1), and the server answers with
 * `"status":"OK"` and the event `hello`, in any order. `hello` reaches the app, since its `connection_id` is what a client names to
 * be told what it missed. A server that does not know the token closes without a word: the library tries again with back-off, and
 * asks a function for a new token.
 *
 * This side then sends `{"seq":n,"action":"ping"}`, and the server answers `{"status":"OK","data":{"text":"pong",..},"seq_reply":n}`.
 * `seq` counts the heartbeats of a socket from 2. The app may use the same numbers, since only answers of pings are hidden.
 *
 * @see https://api.mattermost.com/#tag/WebSocket
 *
 * @example
 * useHeartbeatSocket('wss://chat.example/api/v4/websocket', { ...mattermost({ token }), onMessage })
 */
export function mattermost({ token, ...figures }: MattermostOptions = {}): CountingPreset {
  return {
    heartbeat() {
      let seq = 1;
      let isIn = !token;
      let isAnswered = isIn;
      return {
        message: () => `{"seq":${++seq},"action":"ping"}`,
        control(data) {
          const { seq_reply, event, data: about } = fieldsOf(data);
          if (seq_reply && about?.text === 'pong') return { answer: true };
          const wasIn = isIn;
          if (!isAnswered && seq_reply === 1) {
            isAnswered = isIn = true;
            return wasIn ? {} : undefined;
          }
          isIn ||= event === 'hello';
          // Once for the handshake, once for the app.
          return wasIn === isIn ? undefined : { messages: [data, data] };
        },
        ...figures,
      };
    },
    ...(token && {
      async handshake({ send, receive }) {
        send(JSON.stringify({ seq: 1, action: 'authentication_challenge', data: { token: await valueFrom(token) } }));
        const { status, event } = fieldsOf(await receive());
        if (status !== 'OK' && event !== 'hello') throw unexpected(status);
        return undefined;
      },
    }),
  };
}
