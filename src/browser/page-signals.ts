import type { PageSignal, PageSignals } from '../core/ports.js';

// Never `beforeunload`: a download link, a `mailto:` or a cancelled dialog fires it, and the page stays.
const SIGNALS: PageSignal[] = ['online', 'offline', 'pagehide', 'pageshow', 'visibilitychange', 'resume'];

/**
 * Hears a page through its window, with one set of listeners for all connections: it is added for the first of them and removed
 * after the last.
 */
export function createPageSignals(page: Window | undefined): PageSignals {
  const tellers = new Set<(signal: PageSignal) => void>();

  const hear = (event: Event): void => {
    const { type, persisted } = event as PageTransitionEvent;
    const isLeavingSight = type === 'visibilitychange' && page?.document.hidden;
    const isFirstShow = type === 'pageshow' && !persisted;
    if (isLeavingSight || isFirstShow) return;
    // A connection that starts to listen now has not been there when the event happened, as with listeners of the page.
    for (const tell of [...tellers]) if (tellers.has(tell)) tell(type as PageSignal);
  };

  return {
    online: () => page?.navigator?.onLine !== false,
    visible: () => !page?.document?.hidden,
    listen(tell) {
      // Capturing: events of the document pass the window on their way down, even those that do not bubble.
      if (!tellers.size) for (const type of SIGNALS) page?.addEventListener?.(type, hear, true);
      tellers.add(tell);
      return () => {
        tellers.delete(tell);
        if (!tellers.size) for (const type of SIGNALS) page?.removeEventListener?.(type, hear, true);
      };
    },
  };
}
