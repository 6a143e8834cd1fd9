/**
 * A url, or a text with one in it, that can be printed: user, password and the values of the query are replaced by `***`,
 * since tokens travel there.
 */
export const maskUrl = (text: unknown): string =>
  `${text}`.replace(/(:\/\/)[^/?#\s]*@/g, '$1***@').replace(/([?&][^=&#\s]*=)[^&#\s'"]*/g, '$1***');
