/**
 * No callback can freeze the page: every callback gives every command in every fate of a connection. A combination that takes too long is
 * named, and the next ones run in a fresh process.
 */
import { attackWithCallbacks } from './callbacks/suite';

attackWithCallbacks('production');
