/** The library with servers, and behind proxies, that Debian has. */
import { tryServers } from '../support/sentences';
import { actionCableServer } from './action-cable';
import { haproxy } from './haproxy';
import { nchanServer, nginxProxy } from './nginx';

tryServers([nginxProxy, haproxy, nchanServer, actionCableServer]);
