import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { StorageAnalysis } from '#schema/storage-analysis';
import { failureOf, runCli } from './run-cli.ts';
import { drawExperiment } from './storage-experiments.ts';
import { writeStorageFolder } from './storage-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'storage-analyze-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const ALL = { h0: 4, h1: 2, h2: 2.5, h3: true, h4: 2, h5: 1.8, h6: 1.8, h7: 1, h8: 1.05 };
const drawn = drawExperiment({ planted: ALL, seed: 7, repeats: 6, requests: 120, noise: 0.05 });
const other = { ...drawn, model: 'L70B', runs: drawn.runs.slice(0, 6).map(run => ({ ...run, model: 'L70B', id: `L70B-${run.id}` })) };
const folder = join(root, 'spark');
writeStorageFolder(folder, [drawn, other]);
const analyzed = async (...args: string[]) => {
  const { stdout, code } = await runCli(['storage', 'analyze', ...args, '--json']);
  expect(code).toBe(0);
  return StorageAnalysis.parse(JSON.parse(stdout));
};

test('an experiment with every effect supports all nine, in one command', async () => {
  const out = join(root, 'report');
  const { stdout, stderr, code } = await runCli(['storage', 'analyze', folder, 'ALL', '--out', out]);
  console.error(stderr);
  expect(code).toBe(0);
  console.error(stdout);
  const { models } = StorageAnalysis.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  expect(models[0]?.hypotheses.map(h => `${h.code} ${h.verdict}`)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map(n => `H${n} supported`));
});
