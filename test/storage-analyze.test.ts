import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { StorageAnalysis } from '#schema/storage-analysis';
import { failureOf, runCli } from './run-cli.ts';
import { drawExperiment } from './storage-experiments.ts';
import { writeStorageFolder } from './storage-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'storage-analyze-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const drawn = (model: string, storm: number) => {
  const experiment = drawExperiment({
    planted: { h1: 2, h6: storm },
    ...{ seed: 7, repeats: 6, requests: 100, noise: 0.05, designs: ['h1', 'h6'] },
  });
  return { ...experiment, model, runs: experiment.runs.map(run => ({ ...run, model, id: `${model}-${run.id}` })) };
};
const folder = join(root, 'spark');
writeStorageFolder(folder, [drawn('L8B', 1.8), drawn('L70B', 1)]);

test('the verdict comes first, then each hypothesis of each model; ALL is what it is without a word', async () => {
  const { stdout, code } = await runCli(['storage', 'analyze', folder, 'ALL', '--out', join(root, 'all')]);
  expect(code).toBe(0);
  expect(stdout.split('\n')[0]).toMatch(/^L8B: H1 and H6 are supported; .* are inconclusive\. L70B: H1 is supported; /);
  expect(stdout).toMatch(/^ {2}H6 {2}.*supported .* times/m);
  expect(stdout).toContain('H0: Inconclusive: no run was made for it.');
  const plain = await runCli(['storage', 'analyze', folder, '--json']);
  expect(JSON.parse(plain.stdout)).toEqual(JSON.parse(readFileSync(join(root, 'all/report.json'), 'utf8')));
});

describe('what it writes', () => {
  const out = join(root, 'all');
  const text = (...path: string[]) => readFileSync(join(out, ...path), 'utf8');
  test('is a page that loads nothing, with a chart of every hypothesis that was examined and a table of its points', () => {
    const page = text('report.html');
    // Not by toContain, which prints the whole page where it fails.
    const lacking = ["default-src 'none'", ...['L8B-H1', 'L8B-H6', 'L70B-H6'].map(name => `<figure id="chart-${name}"`), 'L8B-h6-storm-r1'];
    expect(lacking.filter(words => !page.replaceAll('&#39;', "'").includes(words))).toEqual([]);
    expect([/(?:src|href)="https?:/, /could not be drawn/].filter(odd => odd.test(page))).toEqual([]);
  });
  test('is what the harness promised: figures/MODEL and tables/MODEL, each figure with its data', () => {
    expect(readdirSync(join(out, 'figures/L8B')).sort()).toEqual(['H1.svg', 'H1.vl.json', 'H6.svg', 'H6.vl.json', 'H8.svg', 'H8.vl.json']);
    expect(text('figures/L8B/H6.svg')).toMatch(/^<svg/);
    expect(text('figures/L8B/H6.svg')).not.toContain('var(--');
    const spec = JSON.parse(text('figures/L8B/H6.vl.json'));
    expect(spec.datasets['L8B-H6-runs']).toHaveLength(12);
    expect(readdirSync(join(out, 'tables/L70B'))).toEqual(expect.arrayContaining(['verdicts.csv', 'figures.csv', 'runs.csv', 'H6.csv']));
  });
  test('has a line for each run, with what the harness left to be filled in', () => {
    const [head = '', ...lines] = text('tables/L8B/runs.csv').trimEnd().split('\n');
    expect(head.split(',')).toEqual(expect.arrayContaining(['io_wait_pct', 'r_await_ms', 'rps_storage', 'ttft_p99_ms']));
    expect(lines).toHaveLength(24);
    const cells = lines[0]?.split(',') ?? [];
    expect(Number(cells[head.split(',').indexOf('r_await_ms')])).toBeGreaterThan(0);
    // This machine told no PSI: empty, not 0.
    expect(cells[head.split(',').indexOf('psi_mem_some_pct')]).toBe('');
  });
  test('says the same in Markdown', () => {
    expect(text('report.md')).toContain('### H6: A storm of adapters makes the tail longer than the baseline');
    expect(text('report.md')).toContain('figures/L8B/H6.svg');
  });
});

test('one model alone, when it is named', async () => {
  const { stdout } = await runCli(['storage', 'analyze', folder, 'L70B', '--json']);
  const { models, answer } = StorageAnalysis.parse(JSON.parse(stdout));
  expect(models.map(({ model }) => model)).toEqual(['L70B']);
  expect(answer).not.toContain('L8B');
});

describe('it refuses', () => {
  const refused = async (...args: string[]) => failureOf(await runCli(['storage', 'analyze', ...args])).sentence;
  test('what is no folder of an experiment', async () => {
    expect(await refused(join(root, 'nowhere'))).toContain('does not exist');
    expect(await refused(join(folder, 'run.json'))).toContain('is a file, not a folder');
    mkdirSync(join(root, 'empty'));
    expect(await refused(join(root, 'empty'))).toContain('has no run.json');
  });
  test('a model that was not planned', async () => expect(await refused(folder, 'L405B')).toContain('has no model “L405B”'));
  test('a step that was spoilt, by file and field, and writes nothing', async () => {
    const spoilt = join(root, 'spoilt');
    writeStorageFolder(spoilt, [drawn('L8B', 1)]);
    const step = join(spoilt, 'steps/L8B-h6-storm-r1/step.json');
    writeFileSync(step, readFileSync(step, 'utf8').replace('"status":"ok"', '"status":"fine"'));
    expect(await refused(spoilt, '--out', join(root, 'none'))).toMatch(/step\.json.*status/);
    expect(existsSync(join(root, 'none'))).toBe(false);
  });
});
