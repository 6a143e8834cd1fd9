/**
 * A url that can be printed: user and password, and what stands behind a `=` in query and fragment, are replaced by `***`, since
 * tokens travel there.
 */
export const maskUrl = (url: unknown): string =>
  `${url}`.replace(/([?&#][^?&#=]*=)[^&#]*/g, '$1***').replace(/^(\s*[a-z]*:?\/*)[^/?#]*@/i, '$1***@');
