/** Where Debian has the programs. */
import { findPrograms } from '../../support/engines/engine';

const MODULES = '/usr/lib/nginx/modules';

/** Their paths. Without one of them no test of these servers runs, and the error names the packages to install. */
export const programs = findPrograms(
  {
    haproxy: { path: '/usr/sbin/haproxy', debianPackage: 'haproxy', variable: 'HAPROXY_PATH' },
    janus: { path: '/usr/bin/janus', debianPackage: 'janus', variable: 'JANUS_PATH' },
    mosquitto: { path: '/usr/sbin/mosquitto', debianPackage: 'mosquitto', variable: 'MOSQUITTO_PATH' },
    nats: { path: '/usr/sbin/nats-server', debianPackage: 'nats-server', variable: 'NATS_SERVER_PATH' },
    nchan: { path: `${MODULES}/ngx_nchan_module.so`, debianPackage: 'libnginx-mod-nchan', variable: 'NCHAN_PATH' },
    nginx: { path: '/usr/sbin/nginx', debianPackage: 'nginx', variable: 'NGINX_PATH' },
    puma: { path: '/usr/bin/puma', debianPackage: 'puma', variable: 'PUMA_PATH' },
    cable: {
      path: '/usr/share/doc/ruby-actioncable/copyright',
      debianPackage: 'ruby-actioncable',
      variable: 'ACTION_CABLE_COPYRIGHT_PATH',
    },
    rabbitmq: {
      path: '/usr/lib/rabbitmq/bin/rabbitmq-server',
      debianPackage: 'rabbitmq-server',
      variable: 'RABBITMQ_PATH',
    },
  },
  'The tests with real servers',
);
