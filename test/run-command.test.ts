import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readSeries } from '#app/inputs/read-series';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { Card } from '#schema/card';
import { Step } from '#schema/step';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'run '));
let server: MockServer;
let url: string;
/** No nvidia-smi, whatever this machine has. */
const NO_GPU = { PATH: '' };

beforeAll(async () => {
  assertBuilt();
  server = await startMock(MockScript.parse({ ttft_ms: 5, itl_ms: 1 }), 0);
  url = `http://127.0.0.1:${server.port}/v1/completions`;
}, PATIENCE);
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const planned = (name: string, fields: object): string => {
  const file = join(root, `${name}.yaml`);
  writeFileSync(file, stringify(fields));
  return file;
};
const small = (more: object = {}) => ({
  samplers: { gpu: false, host: false },
  load: { urls: [url], rate: 40, duration: '500ms', prompt_tokens: 8, output_tokens: 3, drain: 5, ...more },
});
const read = (...parts: readonly string[]): string => readFileSync(join(...parts), 'utf8');
const cardIn = (folder: string) => Card.parse(JSON.parse(read(folder, 'card.json')));
const stepIn = (folder: string, id: string) => Step.parse(JSON.parse(read(folder, 'steps', `${id}.json`)));
const rowsOf = (folder: string) => cardIn(folder).sections.flatMap(s => s.rows);

describe('a plan', () => {
  const refusal = async (fields: object) => failureOf(await runCli(['run', planned('refused', fields)])).sentence;
  test('that has a field which is not known, or a value that makes no sense, is refused at its place', async () => {
    expect(await refusal({ ...small(), lod: {} })).toContain('there is no field lod');
    expect(await refusal({ ...small(), load: { urls: [url], rate: -1 } })).toContain('load.rate');
    expect(await refusal(small({ prompt_tokens: 'many' }))).toContain('load.prompt_tokens: many makes no sense');
    expect(await refusal(small({ rate: undefined }))).toContain('it is not said how much is to be sent');
    expect(await refusal({ ...small(), expect: 'eight' })).toContain('expect: eight');
  });
  test('that measures nothing, or records a server that it does not start, is refused', async () => {
    expect(await refusal({ name: 'empty' })).toContain('measures nothing');
    expect(await refusal({ ...small(), capture: { duration: 5 } })).toContain('capture needs a server');
    expect(await refusal({ server: { command: ['true'] } })).toContain('nothing asks it');
  });
  test('that is no YAML is refused in one sentence', async () => {
    const file = join(root, 'broken.yaml');
    writeFileSync(file, 'load: [\nname: x: y');
    expect(failureOf(await runCli(['run', file])).sentence).toContain('is not YAML');
  });
  test('is told without doing anything, with what the command line lays over it', async () => {
    const out = join(root, 'dry');
    const line = ['run', planned('dry', small()), '--repeat', '2', '--capture-duration', '5', '--out', out, '--dry-run'];
    const { stdout, code } = await runCli([...line, '--', 'serve', '--port', '1']);
    expect(code).toBe(0);
    expect(stdout.split('\n').flatMap(text => /^ +\d+ {2}(\S+)/.exec(text)?.[1] ?? [])).toEqual([
      'snapshot',
      'preflight',
      'load-1',
      'load-2',
      'capture',
      'analysis',
      'cost',
      'results',
      'card',
    ]);
    expect(readdirSync(root)).not.toContain('dry');
  });
});

describe('forensics run', () => {
  const out = join(root, 'whole');
  test(
    'leaves the folder that the guide promises, and a card',
    async () => {
      const targets = join(root, 'targets.json');
      const limits = [
        { metric: 'e2e p50', below: 10_000 },
        { metric: 'tok/J', at_least: 1 },
      ];
      writeFileSync(targets, JSON.stringify({ schema: 'forensics.targets/1', targets: limits }));
      const run = await runCli(
        ['run', planned('whole', { ...small({ repeat: 2 }), name: 'whole', targets: 'targets.json' }), '--out', out],
        NO_GPU,
      );
      expect(run.code, run.stderr).toBe(0);
      expect(readdirSync(out)).toEqual(
        expect.arrayContaining(['SUMMARY.md', 'load_test_results.json', 'cost_analysis.md', 'cost_metrics.json', 'system_info.txt']),
      );
      expect(readdirSync(out)).toEqual(
        expect.arrayContaining(['load_test.log', 'cost_calculation.log', 'card.html', 'card.md', 'card.xml']),
      );
      expect(rowsOf(out)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ what: 'e2e p50', verdict: 'pass', limit: '< 10,000 ms', source: 'judgement.json' }),
          expect.objectContaining({ what: 'tok/J', verdict: 'not-measured', limit: '≥ 1' }),
          expect.objectContaining({ what: 'answers', verdict: 'pass', source: 'loads/2/load.json' }),
          expect.objectContaining({ section: 'hardware', verdict: 'not-measured', reason: 'there was no GPU' }),
        ]),
      );
      expect(read(out, 'SUMMARY.md')).toContain('**whole passes');
      expect(read(out, 'card.xml')).toContain('<skipped message="not-measured');
    },
    PATIENCE,
  );
  test('sums its loads up by the names of the guide, as a file that is read again', () => {
    const results: unknown = JSON.parse(read(out, 'load_test_results.json'));
    const loads = [1, 2].map(k => JSON.parse(read(out, `loads/${k}/load.json`)).stages[0]);
    const [a, b] = loads;
    expect(results).toMatchObject({
      actual_qps: (a.completed_per_s + b.completed_per_s) / 2,
      tokens_per_sec: (a.output_tokens_per_s + b.output_tokens_per_s) / 2,
      total_requests: a.requests.sent + b.requests.sent,
      completed_requests: a.requests.ok + b.requests.ok,
    });
    expect(readSeries(join(out, 'load_test_results.json'))?.series).toMatchObject({ format: 'brief-load-test', kind: 'summary' });
  });
  test('has a seed of its own for each load, so that no cache knows its prompts', () =>
    expect([1, 2].map(k => JSON.parse(read(out, `loads/${k}/load.json`)).seed)).toEqual([1, 2]));
  test(
    'that is asked again does nothing anew; where a file of a step is gone, that step and what follows are done again',
    async () => {
      const plan = planned('whole', { ...small({ repeat: 2 }), name: 'whole', targets: 'targets.json' });
      const before = [read(out, 'loads/1/load.json'), read(out, 'card.json')];
      const again = await runCli(['run', plan, '--resume', out], NO_GPU);
      expect(again.stderr.match(/done before/g)).toHaveLength(9);
      expect([read(out, 'loads/1/load.json'), read(out, 'card.json')]).toEqual(before);
      rmSync(join(out, 'loads/2/requests.jsonl'));
      await runCli(['run', plan, '--resume', out], NO_GPU);
      expect(read(out, 'loads/1/load.json')).toBe(before[0]);
      expect([stepIn(out, 'load-1').attempts, stepIn(out, 'load-2').attempts, stepIn(out, 'card').attempts]).toEqual([1, 2, 2]);
    },
    PATIENCE,
  );
  test('goes on in no folder that holds a link: it may be a stranger’s', async () => {
    symlinkSync('/etc/passwd', join(out, 'extra'));
    const { sentence } = failureOf(await runCli(['run', planned('linked', small()), '--resume', out]));
    expect(sentence).toContain('is a link or no file');
    rmSync(join(out, 'extra'));
  });
  test('does not measure a machine that is not the one of the plan, and says so in the card', async () => {
    const folder = join(root, 'elsewhere');
    const run = await runCli(['run', planned('elsewhere', { ...small(), expect: '8xB200', attempts: 1 }), '--out', folder], NO_GPU);
    expect(run.code).toBe(3);
    expect(stepIn(folder, 'preflight')).toMatchObject({ state: 'failed', reason: expect.stringContaining('expects 8xB200') });
    expect(stepIn(folder, 'load-1')).toMatchObject({ state: 'not-done', reason: 'preflight failed' });
    expect(cardIn(folder)).toMatchObject({ verdict: 'fail', answer: expect.stringContaining('step preflight (failed 1 time') });
    expect(read(folder, 'card.xml')).toContain('<failure message="fail, failed 1 time');
  });
  test('sends to replicas in turn, and tells of the one that leaves its requests without an answer', async () => {
    const other = await startMock(MockScript.parse({ ttft_ms: 5, itl_ms: 1, faults: [{ every: 2, kind: 'refuse' }] }), 0);
    const folder = join(root, 'replicas');
    const urls = [url, url.replace(/:\d+/, `:${other.port}`)];
    const run = await runCli(['run', planned('replicas', small({ urls })), '--out', folder], NO_GPU);
    await other.close();
    expect(run.code, run.stderr).toBe(0);
    const [first, second] = JSON.parse(read(folder, 'loads/1/load.json')).stages[0].replicas;
    expect(Math.abs(first.sent - second.sent)).toBeLessThanOrEqual(1);
    expect(first.ok).toBe(first.sent);
    expect(second.ok).toBeLessThan(second.sent);
    expect(rowsOf(folder)).toContainEqual(expect.objectContaining({ what: `answers of ${urls[1]}`, verdict: 'warn' }));
  });
  test('finds the knee of a sweep, or says why there is none', async () => {
    const folder = join(root, 'sweep');
    const load = small({ rate: undefined, concurrency: '1,2', duration: '200ms' });
    expect((await runCli(['run', planned('sweep', load), '--out', folder], NO_GPU)).code).toBe(0);
    expect(rowsOf(folder)).toContainEqual(
      expect.objectContaining({
        section: 'knees',
        verdict: 'not-measured',
        reason: 'it takes three loads of different concurrency or more',
      }),
    );
  });
  test('tries a load that nobody answers again, records why it failed, and measures no more', async () => {
    const folder = join(root, 'deaf');
    const nobody = url.replace(/:\d+/, ':9');
    const run = await runCli(['run', planned('deaf', small({ urls: [nobody], repeat: 2 })), '--out', folder], NO_GPU);
    expect(run.code).toBe(3);
    expect(stepIn(folder, 'load-1')).toMatchObject({ state: 'failed', attempts: 2 });
    expect(stepIn(folder, 'load-2').state).toBe('not-done');
  });
});

describe('forensics card', () => {
  test('makes one page of the reports in a folder', async () => {
    const { stdout, code } = await runCli(['card', 'reports/handoff-exposed', 'reports/serving-incident', '--json']);
    const card = Card.parse(JSON.parse(stdout));
    expect([code, card.verdict]).toEqual([0, 'warn']);
    const rows = card.sections.flatMap(s => s.rows);
    expect(rows.find(r => r.section === 'pipeline')).toMatchObject({ source: 'handoff-exposed/report.json' });
    expect(rows.filter(r => r.section === 'incidents' && r.source === 'serving-incident/report.json').length).toBeGreaterThan(0);
  });
  test('of a folder without anything of ours is not measured, and ends with 3', async () => {
    expect((await runCli(['card', 'queries/evidence'])).code).toBe(3);
  });
});
