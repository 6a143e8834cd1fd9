/** Where the bus is, and who this process is there, as given: `nats://user:password@host:4222`. */
export interface BusAddresses {
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  readonly tls?: object;
}

/** The servers of one bus; the first address has the login for all. Throws for what is no address. */
export function addressesOf(given: readonly string[]): BusAddresses {
  const urls = given.map(read);
  const [{ username, password, protocol }] = urls as [URL, ...URL[]];
  const [name, word] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: urls.map(({ host }) => host),
    ...(word ? { user: name, pass: word } : name && { token: name }),
    ...(protocol === 'tls:' && { tls: {} }),
  };
}

/** The address as a log may show it: without the password. */
export function shownAddress(given: string): string {
  const { protocol, host } = read(given);
  return `${protocol}//${host}`;
}

function read(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.host && ['nats:', 'tls:'].includes(url.protocol)) return url;
  throw new Error('--bus needs the address of a NATS server, such as nats://127.0.0.1:4222');
}
