/** The page of a tab that shares its connection: the app of the tests, and what takes its measures. */
import { isConnected } from '../../support/sharing-app.ts';

export interface TabsPage {
  /** Resolves when the page is connected. */
  connected(): Promise<void>;
  /** ms until each of so many questions was answered, asked one after the other. */
  ask(count: number): Promise<number[]>;
  /** Resolves when the broadcast with this number has come. */
  hears(last: number): Promise<void>;
}

const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): unknown => (holds() ? resolve() : setTimeout(look, 2));
    look();
  });

const tabsPage: TabsPage = {
  connected: () => until(isConnected),
  async ask(count) {
    const times: number[] = [];
    for (let i = 0; i < count; i += 1) times.push((await window.sharing.ask(i)).ms);
    return times;
  },
  hears: (last) => until(() => window.sharing.heard.at(-1) === last),
};

Object.assign(window, { tabsPage });
