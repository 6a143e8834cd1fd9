/** Two pages that show the same data of the same server: as the user has written it before, and after. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { expect } from 'vitest';
import type { Component } from 'vue';
import type { Network, Site } from './site.ts';

/**
 * The heartbeat (ms) of the page that uses this library. It is as short as a busy machine allows: a page that is held up for longer takes that
 * for a cut.
 */
export const SHORT = { interval: 300, pongTimeout: 700 };

export interface Page {
  readonly wrapper: VueWrapper;
  readonly network: Network;
  /** Texts of these elements. */
  shows(selector: string): string[];
}

export interface Pages {
  readonly before: Page;
  readonly after: Page;
  readonly both: readonly Page[];
}

export async function openPages(
  site: Site,
  { before, after }: { before: Component; after: Component },
  props: Record<string, unknown>,
  path = '',
): Promise<Pages> {
  const open = async (component: Component): Promise<Page> => {
    const network = await site.network();
    const wrapper = mount(component, { props: { ...props, url: network.url + path } });
    return {
      wrapper,
      network,
      shows: (selector) => wrapper.findAll(selector).map((element) => element.text()),
    };
  };
  const pages = { before: await open(before), after: await open(after) };
  return { ...pages, both: [pages.before, pages.after] };
}

/** The user leaves both pages: no connection of theirs is left. */
export async function closePages({ both }: Pages): Promise<void> {
  for (const { wrapper } of both) wrapper.unmount();
  await expect.poll(() => both.map(({ network }) => network.live())).toEqual([0, 0]);
}

/** Waits until both pages show this, each over one connection. */
export async function bothShow({ both }: Pages, selector: string, texts: string[]): Promise<void> {
  for (const { shows, network } of both) {
    await expect.poll(() => ({ texts: shows(selector), live: network.live() })).toEqual({ texts, live: 1 });
  }
}

/**
 * Cuts both pages off, silently, lets the server have news, and waits for what the pages show. A socket of the package `ws` that is
 * closed waits for the other side for 30 s, and a browser's for longer. So the page before shows no news until its socket has ended.
 */
export async function surviveCut(
  { before, after }: Pages,
  selector: string,
  { news, old, texts }: { news: () => void; old: string[]; texts: string[] },
): Promise<void> {
  before.network.cut();
  after.network.cut();
  news();
  await expect.poll(() => after.shows(selector)).toEqual(texts);
  expect(after.network.live(), 'connections of the page after').toBe(1);
  expect(before.shows(selector), 'the page before').toEqual(old);
  expect(before.network.live(), 'connections of the page before').toBe(0);
  before.network.end();
  await expect.poll(() => before.shows(selector)).toEqual(texts);
}
