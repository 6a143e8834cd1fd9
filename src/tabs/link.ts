/** A tab's end of the channel: it looks like a socket to the tab's own connection, and the leader is its server. */
import { type CloseInfo, closeInfo } from '../core/ports.js';
import { sizeOf } from '../core/wire-data.js';
import type { LinkSocket } from './link-socket.js';
import type { Body, TabMessage, ToldTopic, ToldView } from './protocol.js';

export interface LinkOptions {
  /** Says something to the leader. Throws for what cannot be cloned. */
  say(body: Body): void;
  /** How many messages of the outbox the socket has been given. What the app sends by the socket itself is no such message. */
  taken(): number;
  /** When the app gave the message that is sent now (ms of the epoch), if the message has waited since. */
  since(): number | undefined;
  /** Whether the server may have closed a connection for the message that is sent now. */
  isSuspect(): boolean | undefined;
  /** The connection of this tab has let its socket go, or the app has closed the socket. */
  left(how: CloseInfo): void;
  /** The leader's socket has taken messages, or the server has them, or the leader does not send them since they have `expired`. */
  acked(socket: LinkSocket, expired: readonly number[]): void;
  /** The leader has sent a heartbeat, or the server has given a sign of life. */
  beaten(message: Extract<Body, { type: 'beat' | 'alive' }>): void;
  /** The socket of this tab is about to end. `view`: the leader's state now, if there is a leader. */
  ending(view: ToldView | undefined): void;
  /** The leader's state has changed. `hasEnded`: the socket of this tab has ended with it. */
  told(view: ToldView | undefined, hasEnded: boolean): void;
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
  /** Nobody leads any more: the state that the leader has told does not hold. */
  lost(): void;
}

const LOST: CloseInfo = { code: 1006, reason: 'the tab that held the connection is gone', wasClean: false };

export function createLink(options: LinkOptions): Link {
  let view: ToldView | undefined;
  let connection = 0;
  let socket: LinkSocket | undefined;
  /**
   * How many messages were given to leaders so far. Numbers only grow, so what a leader says of the messages of an earlier socket counts for
   * none of a later one.
   */
  let given = 0;
  /** What the leader's socket has not taken. */
  let inTransit: { readonly number: number; readonly size: number }[] = [];

  /** Opens the socket, once the attempt has set its handlers. */
  const openNow = (): void => {
    if (!connection || !socket?.onopen || socket.connection) return;
    socket.connection = connection;
    socket.readyState = 1;
    socket.onopen(undefined as never);
  };

  const drop = (dropped: LinkSocket): void => {
    socket = undefined;
    inTransit = [];
    dropped.readyState = 3;
  };

  const end = (how: CloseInfo, isFaulted: boolean): void => {
    const ended = socket;
    if (!ended) return;
    drop(ended);
    options.ending(view);
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
      unsent: 0,
      before: given,
      took: 0,
      delivered: 0,
      refused: 0,
      onopen: null,
      onclose: null,
      onerror: null,
      onmessage: null,
      send(data) {
        if (made !== socket) return;
        const { topic } = link;
        // What a callback sends meanwhile is about no topic.
        link.topic = undefined;
        const number = made.before + options.taken();
        // What the app sends by the socket itself has no number of its own.
        const own = number > given ? { since: options.since(), isSuspect: options.isSuspect() } : undefined;
        const body = { type: 'send', connection: made.connection, number, data, ...own } as const;
        const message = { number, size: sizeOf(data) };
        inTransit.push(message);
        made.bufferedAmount += message.size;
        try {
          options.say(topic ? { ...body, topic } : body);
          given = Math.max(given, number);
        } catch (thrown) {
          // It cannot be cloned.
          inTransit = inTransit.filter((other) => other !== message);
          made.bufferedAmount -= message.size;
          throw thrown;
        }
      },
      close(code = 1000, reason = '') {
        if (made !== socket) return;
        drop(made);
        const how = { code, reason, wasClean: true };
        options.left(how);
        // The connection takes its handlers off before it closes a socket, so this is the app's own doing.
        made.onclose?.(how as never);
        options.redial();
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
    const hasEnded = !!ended || isOther;
    if (hasEnded) end(ended ?? LOST, !!ended?.isFaulted);
    // The callbacks that heard of the end may have left the tab without a leader.
    if (view !== now) return;
    options.told(now, hasEnded);
    if (now.phase === 'failed') options.failed(now);
    openNow();
  };

  const onAck = (message: Extract<TabMessage, { type: 'ack' }>): void => {
    const { connection: number, took, delivered, expired = [], refused } = message;
    if (!socket || socket.connection !== number) return;
    const { before } = socket;
    inTransit = inTransit.filter((message) => message.number > took);
    socket.bufferedAmount = inTransit.reduce((bytes, { size }) => bytes + size, 0);
    socket.took = Math.max(0, took - before);
    socket.delivered = Math.max(0, delivered - before);
    if (refused) socket.refused = refused - before;
    const late = expired.map((one) => one - before);
    options.acked(socket, late);
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
      else if (message.type === 'beat' || message.type === 'alive' || message.type === 'data') {
        if (socket?.readyState !== 1 || socket.connection !== message.connection) return;
        if (message.type !== 'beat') socket.unsent = message.unsent;
        if (message.type !== 'data') options.beaten(message);
        else socket.onmessage?.({ type: 'message', data: message.data } as never);
      }
    },
    lost() {
      view = undefined;
      connection = 0;
      const hasEnded = !!socket?.connection;
      if (hasEnded) end(LOST, false);
      options.told(view, hasEnded);
    },
  };
  return link;
}
