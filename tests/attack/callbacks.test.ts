/**
 * No callback can freeze the page: every callback gives every command in every fate of a connection. Each combination runs in a process
 * that is ended when it takes too long, so that a frozen one is found and named.
 */
import { attackWithCallbacks } from './callbacks/suite';

attackWithCallbacks('production');
