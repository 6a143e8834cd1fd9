/** The library with servers, and behind proxies, that Debian has. */
import { tryServers } from '../support/sentences';
import { actionCableServer } from './action-cable';
import { haproxy } from './haproxy';
import { janusServer } from './janus';
import { mosquitto3, mosquitto5 } from './mosquitto';
import { natsServer } from './nats';
import { nchanMeta, nchanPlain, nginxProxy } from './nginx';
import { rabbitmq } from './rabbitmq';

tryServers([
  nginxProxy,
  haproxy,
  nchanPlain,
  nchanMeta,
  actionCableServer,
  natsServer,
  mosquitto3,
  mosquitto5,
  janusServer,
  rabbitmq,
]);
