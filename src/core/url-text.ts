/** A url as text, so that two urls can be compared. Empty: there is no url. */
export const toText = (url: unknown): string => (url ? `${url}` : '');
