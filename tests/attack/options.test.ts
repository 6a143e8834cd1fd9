/**
 * Nothing that the caller gives stops the machine: every option with every wrong value, from the first attempt to the end. Development
 * refuses at once what makes no sense; production uses the default, and says so.
 */
import { attackWithOptions } from './options/suite';

attackWithOptions('development', 'what makes no sense throws at once', ['useHeartbeatSocket']);
attackWithOptions('production', 'the machine goes on');
