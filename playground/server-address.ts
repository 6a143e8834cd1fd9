/** Where the server is: the page's own origin, or what `?server=ws://localhost:8787` says. */
const given = new URLSearchParams(location.search).get('server');

export const serverBase: string = given ?? location.origin;

/** The url of one of the server's paths, with these parameters. */
export function serverUrl(path: string, parameters: Record<string, string>): string {
  const url = new URL(path, serverBase);
  url.search = `${new URLSearchParams(parameters)}`;
  return url.href;
}
