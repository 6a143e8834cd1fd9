import type { PageSignal, PageSignals } from '../core/ports.js';
import { isLoopback } from './loopback.js';

// Never `beforeunload`: a download link, a `mailto:` or a cancelled dialog fires it, and the page stays.
const SIGNALS: PageSignal[] = [
  'online',
  'offline',
  'pagehide',
  'pageshow',
  'visibilitychange',
  'resume',
  'prerenderingchange',
];

/** What Chromium has and the DOM's types lack. */
type Page = Window & {
  readonly navigator: { readonly connection?: EventTarget };
  readonly document: { readonly prerendering?: boolean };
};

/**
 * Hears a page through its window, with one set of listeners for all connections: it is added for the first of them and removed
 * after the last.
 */
export function createPageSignals(page: Window | undefined): PageSignals {
  const { navigator, document } = (page ?? {}) as Partial<Page>;
  const tellers = new Set<(signal: PageSignal) => void>();

  // A connection that starts to listen now has not been there when the event happened, as with listeners of the page.
  const tellAll = (signal: PageSignal): void => {
    for (const tell of [...tellers]) if (tellers.has(tell)) tell(signal);
  };
  const hear = ({ type, persisted }: Event & { persisted?: boolean }): void => {
    if (type === 'visibilitychange' && document?.hidden) tellAll('hidden');
    else if (type !== 'pageshow' || persisted) tellAll(type as PageSignal);
  };
  const hearNetwork = (): void => tellAll('networkchange');

  const listen = (how: 'addEventListener' | 'removeEventListener'): void => {
    // Capturing: events of the document pass the window on their way down, even those that do not bubble.
    for (const type of SIGNALS) page?.[how]?.(type, hear, true);
    navigator?.connection?.[how]?.('change', hearNetwork);
  };

  return {
    online: (url) => navigator?.onLine !== false || isLoopback(url, page),
    visible: () => !document?.hidden,
    prerendering: () => !!document?.prerendering,
    listen(tell) {
      if (!tellers.size) listen('addEventListener');
      tellers.add(tell);
      return () => {
        tellers.delete(tell);
        if (!tellers.size) listen('removeEventListener');
      };
    },
  };
}
