/**
 * A url as text, so that two urls can be compared. Empty: there is no url. A url that has no text is told of when a socket is made with it.
 */
export const toText = (url: unknown): string => {
  try {
    return url ? `${Object(url).href ?? url}` || typeof url : '';
  } catch {
    return typeof url;
  }
};
