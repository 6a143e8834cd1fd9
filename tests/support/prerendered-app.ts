/** What runs in a page that is prerendered: an app with one connection, which tells the server what it does. */
import { createApp, h, watch } from 'vue';
import { useHeartbeatSocket } from 'vue-heartbeat-socket';

let told: Promise<unknown> = Promise.resolve();

/** Tells the server, one thing after the other. The DevTools protocol cannot be asked: Chromium prerenders no page that it watches. */
function tell(what: string): void {
  const when = (document as { prerendering?: boolean }).prerendering ? 'prerendering' : 'shown';
  told = told.then(() => fetch(`/tell?${encodeURIComponent(`${when}: ${what}`)}`));
}

class ToldSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    tell('new WebSocket');
    super(url, protocols);
  }
}

createApp({
  setup() {
    const { phase } = useHeartbeatSocket('/socket', {
      WebSocket: ToldSocket,
      async beforeConnect() {
        tell('beforeConnect');
        await fetch('/token');
      },
    });
    watch(phase, (now) => tell(`phase ${now}`), { immediate: true, flush: 'sync' });
    return () => h('p', phase.value);
  },
}).mount('#app');

setTimeout(() => tell('a second has passed'), 1_000);
