import { defineConfig } from 'vitest/config';

/** Tests that run the real nsys: they take minutes, and CI runs them after all others. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/nsys/**/*.test.ts'],
    globalSetup: ['test/nsys/skips.setup.ts'],
    pool: 'forks',
    // Captures mostly wait; more of them at once than this, and their windows pass before a workload has started.
    maxWorkers: 1,
    maxConcurrency: 3,
    // Machines of CI are busy with other things: what fails there three times is broken.
    retry: process.env['CI'] === undefined ? 0 : 2,
    testTimeout: 240_000,
    // Folders with fifty cases are removed in one.
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
