/** A url as text, so that two urls can be compared. Empty: there is no url. */
export const toText = (url: unknown): string => {
  try {
    return url ? `${Object(url).href ?? url}` : '';
  } catch {
    // It has no text, so no socket can be made with it.
    return typeof url;
  }
};
