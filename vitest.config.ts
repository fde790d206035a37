import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Tests start real processes and real servers; the limit is for hangs, no test measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
