/** The hosts of this machine: a browser without a network reaches them all the same. */
const LOOPBACK = /^(\w+:)?\/\/([^/?#]*@)?(localhost|[^/?#]*\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?([/?#]|$)/i;

/** Whether a url leads to this machine. A url without a host leads to where the page came from. */
export const isLoopback = (url: unknown, page: Window | undefined): boolean => {
  const text = `${url}`;
  return LOOPBACK.test(/^(\w+:)?\/\//.test(text) ? text : `${page?.document?.baseURI}`);
};
