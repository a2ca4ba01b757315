import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { storyMarkdown } from '#report/render/decide/story-markdown';
import { storyOf } from '#report/render/decide/story-parts';
import type { ComparedMetric, Comparison } from '#schema/comparison';
import { failureOf, runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'story '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const metric = (name: string, unit: string, base: number, candidate: number, verdict: ComparedMetric['verdict']): ComparedMetric => ({
  ...{ metric: name, setting: '', unit, better: name === 'tok/s' ? 'higher' : 'lower', base, candidate, runs: [5, 5] },
  ...{ ratio: candidate / base, ratio_ci: [(candidate / base) * 0.98, (candidate / base) * 1.02], method: 'paired-t', judged: true },
  ...{ budget: 0.05, p_worse: 1, p_better: 0.001, within_budget: null, verdict, why: null },
  ...{ reason: verdict === 'not-evaluable' ? 'the noise is larger than the budget' : '', runs_needed: null },
});
const comparison = (over: Partial<Comparison> = {}): Comparison => ({
  ...{ schema: 'forensics.comparison/1', verdict: 'improvement', answer: 'Improvement: tok/s +25 %.', base: ['a', 'b'], candidate: ['c'] },
  ...{ pairing: 'paired', within_run: null, targets: null, kernels: [], settings: [], system: [], notes: [] },
  metrics: [metric('tok/s', 'tok/s', 10_000, 12_500, 'improvement'), metric('e2e p99', 'ms', 200, 190, 'not-evaluable')],
  causes: [
    { cause: 'queueing', base_ms: 10, candidate_ms: 12, base_ms_per_s: null, candidate_ms_per_s: null },
    { cause: 'host-compute', base_ms: 900, candidate_ms: 20, base_ms_per_s: null, candidate_ms_per_s: null },
  ],
  ...over,
});

describe('the story of a change', () => {
  test('says what a manager asks: how much less of the machine, and what is not shown', () => {
    const { meanings, open } = storyOf(comparison());
    expect(meanings).toEqual([
      'The same tokens take 20 % less time of the same GPUs: 12,500 tok/s after 10,000 tok/s.',
      'One request in a hundred takes longer than 190 ms; before, than 200 ms (not shown: it may be chance).',
    ]);
    expect(open).toEqual([
      'e2e p99: the noise is larger than the budget',
      'What was changed between the runs is not recorded with them: name it yourself.',
    ]);
  });
  test('gives the reasons with the largest change first', () =>
    expect(
      storyOf(comparison())
        .tables.find(t => t.title.startsWith('Why'))
        ?.rows.map(r => [r[0], r[3]]),
    ).toEqual([
      ['Host computing', '−880 ms'],
      ['Queueing', '+2 ms'],
    ]));
  test('lists what was changed, and then does not ask for it', () => {
    const { tables, open } = storyOf(comparison({ settings: [{ what: 'max_batch', base: ['8'], candidate: ['16'] }] }));
    expect(tables.find(t => t.title === 'What was changed')?.rows).toEqual([['max_batch', '8', '16']]);
    expect(open.join()).not.toContain('name it yourself');
  });
  test('leaves names of runs inert in Markdown', () =>
    expect(storyMarkdown(storyOf(comparison({ candidate: ['<img src=x>'] })))).not.toContain('<img'));
});

describe('forensics compare --story', () => {
  const result = (name: string, tokens: number): string => {
    const file = join(root, name);
    const counts = { total_requests: 6000, completed_requests: 6000, tokens_generated: tokens * 60, elapsed: 60, actual_qps: 100 };
    writeFileSync(
      file,
      JSON.stringify({ ...counts, tokens_per_sec: tokens, latency_p50_ms: 50, latency_p95_ms: 110, latency_p99_ms: 150 }),
    );
    return file;
  };
  const [before, after] = [result('old.json', 10_000), result('new.json', 11_000)];
  test('writes one page that loads nothing', async () => {
    const page = join(root, 'out', 'story.html');
    expect((await runCli(['compare', before, '--story', page, '--', after])).code).toBe(0);
    const text = readFileSync(page, 'utf8');
    expect(text).toMatch(/Content-Security-Policy" content="default-src/);
    expect(text).not.toMatch(/<script|src=["']http/);
    expect(text).toContain('The same tokens take 9.1 % less time of the same GPUs');
  });
  test('refuses another form before the work', async () =>
    expect(failureOf(await runCli(['compare', 'absent.json', '--story', 'story.docx', '--', 'absent.json'])).sentence).toContain(
      'a page or Markdown',
    ));
});
