import type { PageSignal, PageSignals } from '../core/ports.js';

// Never `beforeunload`: a download link, a `mailto:` or a cancelled dialog fires it, and the page stays.
const SIGNALS: PageSignal[] = ['online', 'offline', 'pagehide', 'pageshow', 'visibilitychange', 'resume'];

/** Hears a page through its window. */
export const createPageSignals = (page: Window | undefined): PageSignals => ({
  online: () => page?.navigator?.onLine !== false,
  listen(tell) {
    const hear = (event: Event): void => {
      const { type, persisted } = event as PageTransitionEvent;
      const isAway = type === 'visibilitychange' && page?.document.hidden;
      const isFirst = type === 'pageshow' && !persisted;
      if (!isAway && !isFirst) tell(type as PageSignal);
    };
    // Capturing: events of the document pass the window on their way down, even those that do not bubble.
    for (const type of SIGNALS) page?.addEventListener?.(type, hear, true);
    return () => {
      for (const type of SIGNALS) page?.removeEventListener?.(type, hear, true);
    };
  },
});
