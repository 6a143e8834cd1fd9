import type { Engine, EngineName } from './engine.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebkit } from './webkit.ts';

const LAUNCH: Record<EngineName, () => Promise<Engine>> = { firefox: launchFirefox, webkit: launchWebkit };

/** Starts the browser, with a profile of its own that ends with it. */
export const launchEngine = (name: EngineName): Promise<Engine> => LAUNCH[name]();
