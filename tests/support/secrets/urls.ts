/** Urls with a secret in one of their parts, in every spelling that somebody may give. */
import fc from 'fast-check';

type Maker = (canary: string) => string;

/** The path ends at one of these, the value at the other ones. What follows is another part, whose name may be shown. */
const without =
  (pattern: RegExp, make: Maker): Maker =>
  (canary) =>
    make(canary.replace(pattern, '.'));

/** The parts of a url in which a secret may travel, of `wss://host/live`. Each stands where that part stands. */
export const PARTS: Record<string, Maker> = {
  user: (canary) => `wss://${canary}@host/live`,
  'user before a blank': (canary) => `wss://${canary} ann@host/live`,
  password: (canary) => `wss://ann:${canary}@host/live`,
  'user and password': (canary) => `wss://${canary}:${canary}@host:8080/live?room=7`,
  path: without(/[?#]/g, (canary) => `wss://host/live/${canary}`),
  'deep path': without(/[?#]/g, (canary) => `wss://host/live/rooms/${canary}/feed?room=7`),
  'first segment': without(/[?#/]/g, (canary) => `wss://host/bot7:${canary}/updates`),
  'matrix parameter': without(/[?#]/g, (canary) => `wss://host/live;token=${canary}/feed`),
  'nameless matrix parameter': without(/[?#]/g, (canary) => `wss://host/live/feed;${canary}`),
  'value of the query': without(/&/g, (canary) => `wss://host/live?room=7&token=${canary}&page=2`),
  'nameless value': without(/[&#]|=(?!=*$)/g, (canary) => `wss://host/live?${canary}`),
  'second nameless value': without(/[&#]|=(?!=*$)/g, (canary) => `wss://host/live?room=7&${canary}&page=2`),
  fragment: (canary) => `wss://host/live#${canary}`,
  'fragment that looks like a query': (canary) => `wss://host/live?room=7#access_token=${canary}&type=bearer`,
};

/** Other ways to write a url. */
export const SPELLINGS: Record<string, Maker> = {
  plain: (url) => url,
  backslashes: (url) => url.replace('//', '\\\\').replace('/live', '\\live'),
  'a tab in the scheme': (url) => url.replace('wss', 'w\tss'),
  'a newline in the host': (url) => url.replace('host', 'ho\nst'),
  'a tab in the path': (url) => url.replace('live', 'li\tve'),
  'no slashes': (url) => url.replace('//', ''),
  'one slash': (url) => url.replace('//', '/'),
  'three slashes': (url) => url.replace('//', '///'),
  'upper case': (url) => url.replace('wss', 'WSS').replace('host', 'HOST'),
  'leading blanks': (url) => `  \n${url}`,
  'without a scheme': (url) => url.replace('wss:', ''),
  relative: (url) => url.replace(/^wss:\/\/(?:[^/@]*@)?host(?::\d+)?/, ''),
  'relative to the folder': (url) => url.replace(/^wss:\/\/(?:[^/@]*@)?host(?::\d+)?\//, ''),
  'the scheme of a page': (url) => url.replace('wss', 'https'),
  'a scheme that no socket takes': (url) => url.replace('wss', 'ftp'),
  'a made-up scheme': (url) => url.replace('wss:', 'my-app:'),
  IPv6: (url) => url.replace('host', '[::1]'),
  'a broken IPv6': (url) => url.replace('host', '[::1'),
  'a host with umlauts': (url) => url.replace('host', 'müller.example'),
  'a port that is none': (url) => url.replace('host', 'host:99999'),
  'a port of letters': (url) => url.replace('host', 'host:port'),
  'no host': (url) => url.replace('host', ':8080'),
};

/** A url with the canary in it. A canary may be percent-encoded there. */
export const urls = fc
  .record({
    part: fc.constantFrom(...Object.keys(PARTS)),
    spelling: fc.constantFrom(...Object.keys(SPELLINGS)),
    isEncoded: fc.boolean(),
  })
  .map(({ part, spelling, isEncoded }) => ({
    name: `${part}, ${spelling}`,
    make: (canary: string): string =>
      SPELLINGS[spelling]?.(PARTS[part]?.(isEncoded ? encodeURIComponent(canary) : canary) ?? '') ?? '',
  }));
