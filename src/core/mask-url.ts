/**
 * Makes a url that can be printed. Tokens travel in user and password, and behind a `=` in the query and the fragment, so `***` stands
 * there.
 */
export const maskUrl = (url: unknown): string =>
  `${url}`.replace(/([?&#][^?&#=]*=)[^&#]*/g, '$1***').replace(/^(\s*[a-z]*:?\/*)[^/?#]*@/i, '$1***@');
