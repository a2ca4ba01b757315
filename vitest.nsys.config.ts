import { defineConfig } from 'vitest/config';

/** Tests that run the real nsys: they take minutes, and CI runs them after all others. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/nsys/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
