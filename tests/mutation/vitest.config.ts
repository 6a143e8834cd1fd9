import { defineConfig } from 'vitest/config';

/** The core's tests alone: no page, no browser. */
export default defineConfig({
  test: { include: ['tests/core/**/*.test.ts'], setupFiles: ['tests/support/no-warnings.ts'] },
});
