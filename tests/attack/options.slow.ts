/** The attack of `options.test.ts` on the plugin, in development. */
import { attackWithOptions } from './options/suite';

attackWithOptions('development', 'what makes no sense throws at once', ['createHeartbeatSocket']);
