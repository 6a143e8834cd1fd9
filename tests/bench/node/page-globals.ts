/**
 * What the contestants look for when they are loaded: a page, here in Node. For `node --import`, since it must be
 * there before them.
 */
import { createRequire } from 'node:module';
import { FakeSocket } from '../page/fake-socket.ts';

/** The package has no types of its own. */
interface Jsdom {
  readonly JSDOM: new (html: string, options: { url: string }) => { readonly window: typeof globalThis };
}

const { JSDOM }: Jsdom = createRequire(import.meta.url)('jsdom');

const { window } = new JSDOM('', { url: 'http://127.0.0.1/' });
const { document, CloseEvent, ErrorEvent } = window;
Object.assign(globalThis, { window, document, CloseEvent, ErrorEvent, WebSocket: FakeSocket });
Object.assign(window, { WebSocket: FakeSocket });
