import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertBuilt, failureOf, spawnCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'memory-guard-'));
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=64' };
const START = 1_795_324_000_000;

/** A log of requests, each with so many gaps between its tokens. */
const requests = (name: string, count: number, gaps: number) => {
  const itl = JSON.stringify(Array.from({ length: gaps }, (_, k) => 9000 + (k % 7) / 10));
  const line = (i: number) =>
    `{"id":"r-${i}","arrival_ns":${START + i}000000,"first_token_ns":${START + i + 1}000000,"finish_ns":${START + i + 9 * gaps + 1}000000,"itl_us":${itl},"status":"ok"}`;
  const path = join(root, name);
  writeFileSync(path, `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`);
  return path;
};

beforeAll(assertBuilt, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a file of more rows than memory holds is refused in one sentence', { timeout: 60_000 }, () => {
  const { sentence, hint } = failureOf(spawnCli(['audit', requests('many.jsonl', 100_000, 0)], SMALL_HEAP));
  expect(sentence).toMatch(/many\.jsonl holds more than fits into memory \(64 MiB\)/);
  expect(hint).toContain('NODE_OPTIONS=--max-old-space-size=');
});

test('a larger file that leaves little behind is read: garbage does not count', { timeout: 60_000 }, () => {
  const run = spawnCli(['audit', requests('long.jsonl', 600, 10_000)], SMALL_HEAP);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
});
