import { defineConfig } from 'vitest/config';

/** Whole runs of a plan, which are killed and go on: they take minutes, and CI runs them after all others. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/run/**/*.test.ts'],
    pool: 'forks',
    // They measure, and end servers by their ports.
    maxWorkers: 1,
    // Machines of CI are busy with other things.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 900_000,
    hookTimeout: 300_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
