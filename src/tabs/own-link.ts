/** The link of a tab's own connection: what the leader says becomes events of that connection. */
import { isResting, NEVER } from '../core/connection-state.js';
import type { Engine } from '../core/engine.js';
import { type GaveUp, HeartbeatSocketError } from '../core/errors.js';
import { emit } from '../core/outlet.js';
import { keepError } from '../core/transition.js';
import { createLink, type Link } from './link.js';
import type { LinkDelivery } from './link-delivery.js';
import type { ToldError, ToldView } from './protocol.js';
import { LEFT } from './tab.js';
import type { Tab } from './tab-types.js';

/** A tab, and its link to the leader. */
export interface Sharing {
  readonly name: string;
  readonly tab: Tab;
  readonly link: Link;
}

/** The leader has given up: with the end of its socket a tab gives up as well, for the same reason. */
export interface GivingUp {
  hasGivenUp: boolean;
  finalCodes: number[];
}

const toError = ({ code, message, cause, closeCode }: ToldError): HeartbeatSocketError =>
  new HeartbeatSocketError(code, message, cause, closeCode);

/** `sharing` gives what the tab shares now. `seen` is called with what the leader says of its state. */
export function createOwnLink(
  engine: Engine,
  sharing: () => Sharing | undefined,
  linkDelivery: LinkDelivery,
  givingUp: GivingUp,
  seen: (view: ToldView) => void,
): Link {
  let toldError: string | undefined;
  return createLink({
    say: (body) => sharing()?.tab.say(body),
    isSuspect: () => engine.outbox.messages[engine.outbox.sent - 1]?.isSuspect,
    left(how) {
      const { link, tab } = sharing() as Sharing;
      const leave = (): void => {
        if (!link.socket) tab.leave(how);
      };
      // An attempt that is started afresh dials again at once, and the tab stays.
      if (engine.state.phase === 'connecting') Promise.resolve().then(leave);
      else leave();
    },
    acked(socket, expired) {
      engine.queue.enqueue(() => {
        // A callback may have ended the socket meanwhile.
        if (sharing()?.link.socket === socket) linkDelivery.acked(engine, socket, expired);
      });
      engine.options.viewChanged();
    },
    beaten(message) {
      if (message.type === 'alive' && engine.attempt) engine.delivery.alive?.(engine.attempt);
      engine.queue.enqueue(() => {
        engine.cause = 'message';
        if (message.type === 'beat') emit(engine, 'beat', { data: message.data });
        else if (message.answer) emit(engine, 'answered', message.answer);
      });
    },
    taken: () => engine.outbox.taken ?? 0,
    since() {
      const { messages, sent } = engine.outbox;
      const { at } = messages[sent - 1] ?? {};
      return at === undefined || linkDelivery.isSending() ? undefined : engine.clock.toEpoch(at);
    },
    ending(view) {
      givingUp.hasGivenUp = view?.phase === 'failed';
      givingUp.finalCodes = view?.error?.code === 'final-code' ? [view.error.closeCode ?? 0] : [];
    },
    told(view, hasEnded) {
      if (view) seen(view);
      const { error } = view ?? {};
      const text = error && `${error.code} ${error.message}`;
      const isNew = text !== toldError;
      toldError = text;
      engine.queue.enqueue(() => {
        if (!error || !(isNew || hasEnded)) return;
        engine.state = keepError(engine.state, toError(error));
        if (!hasEnded && view?.phase !== 'failed') emit(engine, 'erred', { error: toError(error), gaveUp: false });
      });
      engine.raise('kept', { until: NEVER });
    },
    redial() {
      engine.attempts = 0;
      engine.raise('deadline');
      // The connection of this tab may have given up instead.
      engine.queue.enqueue(() => {
        if (isResting(engine.state)) sharing()?.tab.leave(LEFT);
      });
    },
    failed({ error }) {
      if (!error) return;
      const thrown = toError(error);
      const code = 'before-connect';
      engine.queue.enqueue(() => engine.step('threw', { code, thrown, gaveUp: error.code as GaveUp }, engine.state.id));
    },
  });
}
