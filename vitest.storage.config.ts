import { defineConfig } from 'vitest/config';

/** Experiments on storage pressure that really run: a server, fio, the disk. They take minutes, and CI runs them after all others. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/storage/**/*.test.ts'],
    pool: 'forks',
    // They share the disk.
    maxWorkers: 1,
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
