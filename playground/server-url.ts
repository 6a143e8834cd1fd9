import { pass } from './identity.ts';
import { serverBase } from './server-address.ts';

/** The url of one of the server's paths, with these parameters. */
export function pathUrl(path: string, parameters: Record<string, string> = {}): string {
  const url = new URL(path, serverBase);
  url.search = `${new URLSearchParams(parameters)}`;
  return url.href;
}

/** The same url with these parameters, too, and with the token that says who asks. */
export function withToken(given: string | URL, parameters: Record<string, string> = {}): string {
  const url = new URL(given);
  const { token } = pass.value;
  for (const [name, value] of Object.entries({ ...parameters, ...(token && { token }) })) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

export const serverUrl = (path: string, parameters: Record<string, string> = {}): string =>
  withToken(pathUrl(path, parameters));
