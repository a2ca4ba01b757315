import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditFiles } from '#app/audit/audit-files';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { renderCsv } from '#report/render/csv/render';
import { renderGithubSummary } from '#report/render/github/render';
import { renderJson } from '#report/render/json';
import { renderMarkdown } from '#report/render/markdown';
import { renderSummary } from '#report/render/summary/markdown';
import { pretendNvidiaSmi } from './pretend-nvidia-smi.ts';
import { reportOn } from './report-on.ts';
import { assertBuilt, runCli } from './run-cli.ts';
import { writeSmallCase } from './small-case.ts';
import { some, THOROUGH } from './thorough.ts';

const PATIENCE = 240_000;
const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const root = mkdtempSync(join(tmpdir(), 'audit-outputs-'));
const around = { env: process.env, progress: () => {} };

/** What the audit says cannot be true of the files of a folder, all read together; files that it cannot read hold no numbers for it. */
async function impossibleIn(folder: string): Promise<readonly string[]> {
  const { contradictions } = await auditFiles([folder], () => {}, around);
  return contradictions.filter(c => c.severity === 'impossible').map(c => c.sentence);
}

/** Runs a command into a folder of its own, with what it prints beside its files. */
async function outputOf(name: string, args: (out: string) => readonly string[], printed?: string, env = {}): Promise<string> {
  const out = join(root, name);
  const { stdout, stderr, code } = await runCli(args(out), env);
  expect([name, code, code === 2 ? stderr : '']).toEqual([name, code === 2 ? 'it could run' : code, '']);
  mkdirSync(out, { recursive: true });
  if (printed !== undefined) writeFileSync(join(out, printed), stdout);
  return out;
}

let server: MockServer;
let url: string;
const small = join(root, 'small');
beforeAll(async () => {
  assertBuilt();
  writeSmallCase(small);
  server = await startMock(MockScript.parse({ ttft_ms: 5, itl_ms: 1 }), 0);
  url = `http://127.0.0.1:${server.port}/v1/completions`;
}, PATIENCE);
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

describe('no command writes what its own audit calls impossible', () => {
  const LENGTHS = ['--prompt-tokens', '8', '--output-tokens', '3'];
  const COMMANDS: readonly [what: string, name: string, args: (out: string) => readonly string[], printed?: string][] = [
    [
      'analyze, with all exports',
      'analyze',
      out => ['analyze', small, '--out', out, '--csv', join(out, 'csv'), '--junit', join(out, 'junit.xml'), '--json'],
      'printed.json',
    ],
    [
      'energy',
      'energy',
      () => [
        'energy',
        join(FIXTURES, 'serving-incident/gpu.csv'),
        join(FIXTURES, 'serving-incident/requests.jsonl'),
        '--zone-hours',
        '0',
        '--json',
      ],
      'energy.json',
    ],
    [
      'energy, as a table',
      'energy-table',
      () => ['energy', join(FIXTURES, 'serving-incident/gpu.csv'), join(FIXTURES, 'serving-incident/requests.jsonl'), '--zone-hours', '0'],
      'energy.txt',
    ],
    ['pipeline', 'pipeline', out => ['pipeline', join(FIXTURES, 'handoff-exposed/trace.sqlite.gz'), '--out', out]],
    ['score', 'score', () => ['score', join(FIXTURES, 'clean'), '--json'], 'score.json'],
    ['load, at a rate', 'load-open', out => ['load', url, '--rate', '100', '--requests', '40', ...LENGTHS, '--out', out]],
    ['load, ended by time', 'load-timed', out => ['load', url, '--rate', '50', '--duration', '1s', ...LENGTHS, '--out', out]],
    ['load, closed', 'load-closed', out => ['load', url, '--concurrency', '1,2', '--duration', '1s', ...LENGTHS, '--out', out]],
    [
      'load, as printed',
      'load-printed',
      out => ['load', url, '--rate', '100', '--requests', '20', ...LENGTHS, '--out', join(out, 'run')],
      'load.txt',
    ],
    ['doctor', 'doctor', () => ['doctor', '--json'], 'doctor.json'],
    ['query', 'query', () => ['query', 'kernel_time', small, '--json'], 'query.json'],
  ];
  test.each(some(COMMANDS, 6, 'what commands write, by their own audit'))(
    '%s',
    async (_, name, args, printed) => expect(await impossibleIn(await outputOf(name, args, printed))).toEqual([]),
    PATIENCE,
  );

  test.skipIf(!THOROUGH)(
    'monitor',
    async () => {
      const env = pretendNvidiaSmi(join(root, 'bin'));
      const out = await outputOf('monitor', to => ['monitor', '--duration', '1s', '--out', to], undefined, env);
      expect(readdirSync(out)).toContain('gpu.csv');
      expect(await impossibleIn(out)).toEqual([]);
    },
    PATIENCE,
  );
});

/** Every fixture in CI; else one of a server. */
const reports = THOROUGH
  ? readdirSync(FIXTURES, { withFileTypes: true }).flatMap(e =>
      e.isDirectory() && existsSync(join(FIXTURES, e.name, 'trace.sqlite.gz')) ? [e.name] : [],
    )
  : ['serving-incident'];
test.each(reports)(
  'the report of %s, in every form, beside its own inputs',
  async name => {
    const report = await reportOn(name);
    const out = join(root, `report-${name}`);
    mkdirSync(out);
    const texts = {
      'report.json': renderJson(report),
      'report.md': renderMarkdown(report),
      'summary.md': renderSummary(report),
      'github.md': renderGithubSummary(report, 'report.html'),
    };
    for (const [file, text] of [...Object.entries(texts), ...Object.entries(renderCsv(report))]) writeFileSync(join(out, file), text);
    expect(await impossibleIn(out)).toEqual([]);
  },
  PATIENCE,
);
