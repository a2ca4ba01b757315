import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Judgement, Targets } from '#schema/targets';
import { guideRun as leftByGuide } from './guide-run.ts';
import { failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const root = mkdtempSync(join(tmpdir(), 'targets '));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const written = (name: string, value: unknown): string => {
  writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value));
  return join(root, name);
};

/** The targets of the load-testing guide, as docs/compare.md gives them. */
const [, GUIDE = ''] =
  /```json\n(\{\n {2}"schema": "forensics\.targets\/1"[\s\S]*?\n\})\n```/.exec(readFileSync('docs/compare.md', 'utf8')) ?? [];
const guide = written('guide.json', GUIDE);

const guideRun = (name: string, p99: number) => leftByGuide(join(root, name), p99);
const judged = async (...args: readonly string[]) => {
  const { code, stdout } = await runCli(['targets', ...args, '--json']);
  return { code, ...Judgement.parse(JSON.parse(stdout)) };
};

describe('forensics targets', () => {
  test('reads the targets that docs/compare.md shows', () => expect(Targets.parse(JSON.parse(GUIDE)).targets).toHaveLength(5));
  test('passes a run that reaches all, its cost from the power beside it', async () => {
    const found = await judged(guide, guideRun('good', 180));
    expect(found).toMatchObject({ code: 0, verdict: 'pass' });
    // 14,960 tok/s over 7,400 W are 2.02 tok/J; 0.16 / (3.6 × 2.0216) = $0.0220.
    expect(found.results.find(r => r.metric === 'usd/1M tok')?.worst).toBeCloseTo(0.02198, 4);
  });
  test('fails the p99 of 213 ms that the guide calls validated, and says so first', async () => {
    const { code, stdout } = await runCli(['targets', guide, guideRun('validated', 213)]);
    expect(code).toBe(1);
    expect(stdout.split('\n')[0]).toBe('Targets: 1 of 5 targets failed: e2e p99 < 200 ms (213 ms).');
  });
  test('says what was not measured, and why, with a code of its own', async () => {
    const found = await judged(guide, join(root, 'good', 'load_test_results.json'));
    expect(found).toMatchObject({ code: 3, verdict: 'not-measured' });
    expect(found.results.filter(r => r.verdict === 'not-measured').map(r => r.why)).toEqual(['no-power', 'no-power']);
  });
  test('gates a comparison too', async () => {
    const { code, stdout } = await runCli(['compare', join(root, 'good'), '--targets', guide, '--', join(root, 'validated')]);
    expect(code).toBe(1);
    expect(stdout).toContain('Targets: 1 of 5 targets failed');
  });
  test.each([
    ['no JSON', '{', 'is not JSON'],
    ['no targets', { schema: 'forensics.targets/1', targets: [] }, 'at targets: it must have 1 or more entries'],
    [
      'a word for a limit',
      { schema: 'forensics.targets/1', targets: [{ metric: 'p99', below: 'x' }] },
      'at targets.0.below: it must be a number',
    ],
    ['an unknown word', { schema: 'forensics.targets/1', targets: [{ metric: 'p99', below: 1, foo: 2 }] }, 'there is no field foo'],
    ['two limits', { schema: 'forensics.targets/1', targets: [{ metric: 'p99', below: 1, at_most: 2 }] }, 'a target has one limit'],
    ['a price below zero', { schema: 'forensics.targets/1', kwh_usd: -1, targets: [{ metric: 'p99', below: 1 }] }, 'at kwh_usd'],
  ])('refuses %s in one sentence', async (name, value, words) =>
    expect(failureOf(await runCli(['targets', written(`${name}.json`, value), guide])).sentence).toContain(words),
  );
});

const SAMPLE = join(SHARED, 'samples/b200-load-test/single_gpu_load_test.json');
sayWhatIsMissing('targets on a result of the guide’s own script was', SAMPLE);
describe.skipIf(!existsSync(SAMPLE))('a result of the guide’s own script', () => {
  test('reaches no rate, and its p99 of nine requests is no p99', async () => {
    cpSync(SAMPLE, join(root, 'single.json'));
    const found = await judged(guide, join(root, 'single.json'));
    expect(found.code).toBe(1);
    expect(Object.fromEntries(found.results.map(r => [r.metric, r.why ?? r.verdict]))).toMatchObject({
      'tok/s': 'fail',
      'e2e p99': 'few-requests',
      'e2e p95': 'no-figure',
    });
  });
});
