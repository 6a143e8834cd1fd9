import type { Bug } from '../seed.ts';
import { ATTEMPT } from './attempt.ts';
import { CONTROL } from './control.ts';
import { DELIVERY } from './delivery.ts';
import { ENDLESS } from './endless.ts';
import { ENGINE } from './engine.ts';
import { HANDSHAKE } from './handshake.ts';
import { HEARTBEAT } from './heartbeat.ts';
import { LOSS } from './loss.ts';
import { MESSAGES } from './messages.ts';
import { OPTIONS } from './options.ts';
import { OUTBOX } from './outbox.ts';
import { PAGE } from './page.ts';
import { RECONNECT } from './reconnect.ts';
import { REGISTRY } from './registry.ts';
import { SECRETS } from './secrets.ts';
import { STATES } from './states.ts';
import { TABS_COMMANDS } from './tabs-commands.ts';
import { TABS_LEAD } from './tabs-lead.ts';
import { TABS_RELAY } from './tabs-relay.ts';
import { UNPROVEN } from './unproven.ts';

/** Bugs that a person could make, each as one change of mind in the core. */
export const BUGS: readonly Bug[] = [
  ...STATES,
  ...PAGE,
  ...RECONNECT,
  ...LOSS,
  ...HEARTBEAT,
  ...ATTEMPT,
  ...HANDSHAKE,
  ...MESSAGES,
  ...OUTBOX,
  ...UNPROVEN,
  ...CONTROL,
  ...DELIVERY,
  ...REGISTRY,
  ...ENDLESS,
  ...ENGINE,
  ...OPTIONS,
  ...SECRETS,
];

/** The same in what tabs share. */
export const TAB_BUGS: readonly Bug[] = [...TABS_LEAD, ...TABS_COMMANDS, ...TABS_RELAY];
