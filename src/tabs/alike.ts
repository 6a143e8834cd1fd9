/** Development: tells of options that tabs do not have alike, although those of the tab that holds the socket count for all. */
import type { ConnectionOptions } from '../core/connection-types.js';
import type { Delivery } from '../core/engine.js';
import type { Alike, Body, ToldView } from './protocol.js';

const yesOrNo = (given: unknown): string => (given ? 'set' : 'not set');

function alikeOf(options: ConnectionOptions): Alike {
  const { beats, liveness, binaryType, handshake, beforeConnect } = options;
  const delivery = options.delivery as Delivery | undefined;
  return {
    delivery: delivery ? `proven by ${delivery.needsBeats === false ? '`ack`' : 'heartbeats'}` : 'not set',
    heartbeat: beats ? `beats '${beats}', liveness '${liveness}'` : 'off',
    handshake: yesOrNo(handshake),
    beforeConnect: yesOrNo(beforeConnect),
    binaryType: `'${binaryType ?? 'blob'}'`,
  };
}

/** What a leader with these options says. */
export const withAlike = (body: Body, options: ConnectionOptions): Body =>
  body.type === 'state' ? { ...body, view: { ...body.view, alike: alikeOf(options) } } : body;

const said = new Set<string>();

/** Warns once of each option in which the leader differs from a tab with these options. */
export function tellUnlike(options: ConnectionOptions, view: ToldView): void {
  for (const [name, text] of Object.entries(alikeOf(options))) {
    const theirs = view.alike?.[name];
    const warning = `tabs(): the option \`${name}\` is ${text} in this tab, and ${theirs} in the tab that holds the socket, whose \
options count for all tabs. Give all tabs the same options, or another \`name\` to tabs().`;
    if (theirs === undefined || theirs === text || said.has(warning)) continue;
    said.add(warning);
    console.warn(warning);
  }
}
