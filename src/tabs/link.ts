/** A tab's end of the channel: it looks like a socket to the tab's own connection, and the leader is its server. */
import { type CloseInfo, closeInfo, type SocketLike } from '../core/ports.js';
import { sizeOf } from '../core/wire-data.js';
import type { Body, TabMessage, ToldTopic, ToldView } from './protocol.js';

/** A message that was given to the leader. Without a leader's word it is not known what became of it. */
export interface InTransit {
  readonly number: number;
  readonly data: unknown;
  readonly value: unknown;
  readonly isForOne: boolean;
}

/** What a link looks like to the connection of its tab. */
export interface LinkSocket extends SocketLike {
  readyState: number;
  bufferedAmount: number;
  /** The number of the leader's connection. 0: it is not open yet. */
  connection: number;
  /**
   * Its messages have greater numbers on the channel: what the leader says of an earlier socket of this tab, on the same connection of its
   * own, holds for none of them.
   */
  readonly before: number;
  /** How many messages were given to the leader. */
  given: number;
  /** How many of them the leader's socket has taken, and how many the server is known to have. */
  took: number;
  delivered: number;
}

export interface LinkOptions {
  /** Says something to the leader. Throws for what cannot be cloned. */
  say(body: Body): void;
  /** The connection of this tab lets its socket go: it does not share any more. */
  left(how: CloseInfo): void;
  /** The leader's socket has taken messages, or the server has them. */
  acked(socket: LinkSocket): void;
  /** The server has answered a heartbeat. */
  alive(): void;
  /** The leader's state has changed. */
  told(view: ToldView | undefined): void;
  /** The socket of this tab was ended: the tab dials again at once, so that it misses nothing. */
  redial(): void;
  /** The leader has given up for good. */
  failed(view: ToldView): void;
}

export interface Link {
  /** What the leader last said of its state. Undefined: nobody leads. */
  readonly view: ToldView | undefined;
  /** The topic that what is sent now is about. */
  topic: ToldTopic | undefined;
  readonly socket: LinkSocket | undefined;
  /** Makes the socket of an attempt. It opens once the leader's connection is open. */
  dial(): LinkSocket;
  /** Takes in what the leader says. */
  hear(message: TabMessage): void;
  /** Nobody leads any more: what was said so far does not hold. */
  lost(): void;
}

/** How many messages all links of this page have given to leaders. */
let givenByAll = 0;

const LOST: CloseInfo = { code: 1006, reason: 'the tab that held the connection is gone', wasClean: false };

export function createLink(options: LinkOptions): Link {
  let view: ToldView | undefined;
  let connection = 0;
  let socket: LinkSocket | undefined;
  /** Sizes of the messages that the leader's socket has not taken. */
  let sizes: number[] = [];

  /** Opens the socket, once the attempt has set its handlers. */
  const openNow = (): void => {
    if (!connection || !socket?.onopen || socket.connection) return;
    socket.connection = connection;
    socket.readyState = 1;
    socket.onopen(undefined as never);
  };

  const end = (how: CloseInfo, isFaulted: boolean): void => {
    const ended = socket;
    if (!ended) return;
    socket = undefined;
    sizes = [];
    ended.readyState = 3;
    if (isFaulted) ended.onerror?.({ type: 'error' } as never);
    ended.onclose?.(closeInfo(how) as never);
    options.redial();
  };

  const dial = (): LinkSocket => {
    const made: LinkSocket = {
      readyState: 0,
      bufferedAmount: 0,
      binaryType: 'blob',
      connection: 0,
      before: givenByAll,
      given: 0,
      took: 0,
      delivered: 0,
      onopen: null,
      onclose: null,
      onerror: null,
      onmessage: null,
      send(data) {
        if (made !== socket) return;
        const size = sizeOf(data);
        const body = { type: 'send', connection: made.connection, number: made.before + made.given + 1, data } as const;
        // What cannot be cloned throws, and is not counted.
        sizes.push(size);
        made.given += 1;
        givenByAll += 1;
        made.bufferedAmount += size;
        try {
          options.say(link.topic ? { ...body, topic: link.topic } : body);
        } catch (thrown) {
          sizes.pop();
          made.given -= 1;
          made.bufferedAmount -= size;
          throw thrown;
        }
      },
      close(code = 1000, reason = '') {
        if (made !== socket) return;
        socket = undefined;
        sizes = [];
        made.readyState = 3;
        options.left({ code, reason, wasClean: true });
      },
    };
    socket = made;
    Promise.resolve().then(openNow);
    return made;
  };

  const onState = ({ view: now, connection: number, ended }: Extract<TabMessage, { type: 'state' }>): void => {
    view = now;
    connection = number;
    const isOther = !!socket?.connection && socket.connection !== number;
    if (ended || isOther) end(ended ?? LOST, !!ended?.isFaulted);
    options.told(view);
    if (view.phase === 'failed') options.failed(view);
    openNow();
  };

  const onAck = ({ connection: number, took, delivered }: Extract<TabMessage, { type: 'ack' }>): void => {
    if (!socket || socket.connection !== number) return;
    const ofThisSocket = (number: number): number => Math.max(0, number - (socket as LinkSocket).before);
    for (const size of sizes.splice(0, ofThisSocket(took) - socket.took)) socket.bufferedAmount -= size;
    socket.took = ofThisSocket(took);
    socket.delivered = ofThisSocket(delivered);
    options.acked(socket);
  };

  const link: Link = {
    get view() {
      return view;
    },
    get socket() {
      return socket;
    },
    topic: undefined,
    dial,
    hear(message) {
      if (message.type === 'state') onState(message);
      else if (message.type === 'ack') onAck(message);
      else if (message.type === 'alive' || message.type === 'data') {
        if (socket?.readyState !== 1 || socket.connection !== message.connection) return;
        if (message.type === 'alive') options.alive();
        else socket.onmessage?.({ type: 'message', data: message.data } as never);
      }
    },
    lost() {
      view = undefined;
      connection = 0;
      if (socket?.connection) end(LOST, false);
      options.told(view);
    },
  };
  return link;
}
