import { pass } from './identity.ts';
import { serverBase } from './server-address.ts';

/** The url of one of the server's paths, with these parameters, and with the token that says who asks. */
export function serverUrl(path: string, parameters: Record<string, string> = {}): string {
  const url = new URL(path, serverBase);
  const { token } = pass.value;
  url.search = `${new URLSearchParams({ ...parameters, ...(token && { token }) })}`;
  return url.href;
}
