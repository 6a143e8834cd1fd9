/** Which requests come in at all. A browser names the page that makes a request (Origin) and the host that the page has asked for (Host). */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface Door {
  /** Names of the server beside `localhost`, as in Vite's `allowedHosts`: `.example.com` is each name below it too, true any name. */
  readonly hosts: readonly string[] | true;
  /** Origins of pages from elsewhere that may connect, such as `https://example.com`. */
  readonly origins: readonly string[];
}

/**
 * Whether a request comes from a page of this server, from another page of this machine, from a page that the door names, or from
 * a program. Browsers always send an Origin, and a program may send any: a request without one is a program's.
 */
export function isWelcome({ headers: { host = '', origin } }: IncomingMessage, { hosts, origins }: Door): boolean {
  const here = urlOf(`http://${host}`);
  if (!here || !(isFixed(here.hostname) || isNamed(here.hostname, hosts))) return false;
  if (origin === undefined || origins.includes(origin)) return true;
  const page = urlOf(origin);
  if (!page || !/^https?:$/.test(page.protocol)) return false;
  return hostOf(page) === hostOf(here) || (isLoopback(page.hostname) && isLoopback(here.hostname));
}

/** Names that only this machine answers to, and the addresses of this machine to itself. */
const isLoopback = (name: string): boolean =>
  name === '[::1]' || (isIP(name) === 4 ? name.startsWith('127.') : isBelow(name, 'localhost'));

/** No DNS server can lead these to another machine, and so no page of another machine can come by them. */
const isFixed = (name: string): boolean => isLoopback(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;

const isNamed = (name: string, hosts: Door['hosts']): boolean =>
  hosts === true || hosts.some((host) => (host.startsWith('.') ? isBelow(name, host.slice(1)) : name === host));

const isBelow = (name: string, parent: string): boolean => name === parent || name.endsWith(`.${parent}`);

/** With no port where it is the scheme's own: a proxy that speaks TLS has another scheme than the server behind it. */
const hostOf = ({ hostname, port }: URL): string => `${hostname}:${/^(80|443)?$/.test(port) ? '' : port}`;

/** The url of an origin alone: with nothing before or after the host. */
function urlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^[a-z]+:\/\/[^/?#\\@]+$/i.test(text) ? url : undefined;
}
