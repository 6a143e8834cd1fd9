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

type Change = 'addEventListener' | 'removeEventListener';

/**
 * Hears a page through its window, with one set of listeners for all connections: it is added for the first of them and removed
 * after the last.
 *
 * A connection takes what the page's own handlers send while the page is left: the signal `pagehide` comes after these handlers. A
 * page that is left fires `pagehide`, and then `visibilitychange` if it was visible. The last listener of the last event gives the
 * signal.
 */
export function createPageSignals(page: Window | undefined): PageSignals {
  const { navigator, document } = (page ?? {}) as Partial<Page>;
  const tellers = new Set<(signal: PageSignal) => void>();
  /** Pending from `pagehide` of a visible page until the signal is given. */
  let leaving: ReturnType<typeof setTimeout> | undefined;

  const give = (signal: PageSignal): void => {
    // A connection that starts to listen now has not been there when the event happened, as with listeners of the page.
    for (const tell of [...tellers]) if (tellers.has(tell)) tell(signal);
  };

  const stay = (): void => {
    if (!leaving) return;
    clearTimeout(leaving);
    leaving = undefined;
    page?.removeEventListener('visibilitychange', leave);
  };

  const leave = (): void => {
    stay();
    give('pagehide');
  };

  const hear = ({ type, persisted }: Event & { persisted?: boolean }): void => {
    const isHidden = type === 'visibilitychange' && document?.hidden;
    if (isHidden || (type === 'pageshow' && !persisted)) {
      // Listeners of a window run in the order in which they were added: handlers that the page has added so far come first.
      change('removeEventListener');
      change('addEventListener');
      if (isHidden) give('hidden');
      return;
    }
    // Each other event shows that the page is still there.
    stay();
    if (type === 'pagehide' && !document?.hidden) {
      page?.addEventListener('visibilitychange', leave);
      // A page of Chromium runs no task after its `visibilitychange`. Other pages may fire none.
      leaving = setTimeout(leave);
    } else give(type as PageSignal);
  };

  const change = (how: Change): void => {
    // Capturing: events of the document pass the window on their way down, even those that do not bubble.
    for (const type of SIGNALS) page?.[how]?.(type, hear, type !== 'pagehide');
  };

  const hearNetwork = (): void => give('networkchange');
  const listen = (how: Change): void => {
    change(how);
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
        if (tellers.size) return;
        listen('removeEventListener');
        stay();
      };
    },
  };
}
