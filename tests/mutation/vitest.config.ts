import { defineConfig } from 'vitest/config';

/** The core's tests alone: no page, no browser. */
export default defineConfig({
  test: {
    include: ['tests/core/**/*.test.ts'],
    // Stryker runs a thousand mutants; the searches and the properties take seconds each, and are asked about seeded bugs.
    exclude: process.env.STRYKER_MUTATOR_WORKER
      ? ['tests/core/{exhaustive,engine-search,properties,proof-property}.test.ts']
      : [],
    // A slow machine is no seeded bug.
    testTimeout: 60_000,
    setupFiles: ['tests/support/no-warnings.ts'],
  },
});
