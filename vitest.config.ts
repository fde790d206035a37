import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Most of a test's time is waiting for people who answer, so two files at a time fit on two cores.
    poolOptions: { forks: { maxForks: 2, minForks: 1 } },
    // Tests start real processes and real servers; the limit is for hangs, no test measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
