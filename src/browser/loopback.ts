/** The hosts of this machine: a browser without a network reaches them all the same. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether a url leads to this machine. A url without a host leads to where the page came from. */
export const isLoopback = (url: unknown, page: Window | undefined): boolean => {
  try {
    return LOOPBACK.test(new URL(url as string, page?.document?.baseURI).hostname);
  } catch {
    // It is no url, or the runtime has no class for urls.
    return false;
  }
};
