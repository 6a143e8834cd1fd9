/** Another browser than Chromium, as the tests drive it from outside. */
import { existsSync } from 'node:fs';

/** What goes between the test and a page. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface EnginePage {
  /** Goes to the url, and waits until the page has loaded. */
  goto(url: string): Promise<void>;
  /**
   * Runs a function in the page. It sees its arguments and the page's globals, and nothing of the test. An undefined result may come
   * back as null.
   */
  evaluate<Args extends Json[], Result>(run: (...args: Args) => Result, ...args: Args): Promise<Result>;
  /** Clicks as a user does. */
  click(selector: string): Promise<void>;
  /** Goes back in the page's history, and waits until the page has loaded. */
  back(): Promise<void>;
  end(): Promise<void>;
}

export interface Engine {
  newPage(): Promise<EnginePage>;
  end(): Promise<void>;
}

export type EngineName = 'firefox' | 'webkit';

declare module 'vitest' {
  interface ProvidedContext {
    engine: EngineName;
  }
}

/** The call of a function of the test, as a page can read it. */
export const expressionOf = (run: unknown, args: readonly Json[]): string =>
  `(${run}).apply(null, ${JSON.stringify(args)})`;

/** A program that a Debian package brings. */
export interface Program {
  readonly path: string;
  readonly debianPackage: string;
  /** The environment variable that names the program where it stands elsewhere. */
  readonly variable: string;
}

/** Gives the paths of the programs. Throws one error that names all packages that are missing. `tests` says who needs them. */
export function findPrograms<Name extends string>(
  programs: Record<Name, Program>,
  tests = 'The tests in this browser',
): Record<Name, string> {
  const all = Object.entries<Program>(programs).map(([name, program]) => ({
    name,
    ...program,
    path: process.env[program.variable] ?? program.path,
  }));
  const missing = all.filter(({ path }) => !existsSync(path));
  if (missing.length) {
    const lines = missing.map(({ path, variable }) => `  ${path} does not exist; ${variable} names another`);
    const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(' ');
    throw new Error(`${tests} need Debian's ${packages}: apt-get install ${packages}\n${lines.join('\n')}`);
  }
  return Object.fromEntries(all.map(({ name, path }) => [name, path])) as Record<Name, string>;
}
