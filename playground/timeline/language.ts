/**
 * uPlot formats numbers for `navigator.language` from the moment it is imported, and throws where that is no language: some browsers
 * have none, or one that only their system knows (`en-US@posix`). This gives it the one that the browser formats for by itself.
 */
export function mendLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    const { locale } = new Intl.NumberFormat().resolvedOptions();
    Object.defineProperty(navigator, 'language', { value: locale, configurable: true });
  }
}
