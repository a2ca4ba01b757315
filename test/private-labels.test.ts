import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeServerRun } from '../tools/fuzz/server-run.ts';
import { PLANTED_LABELS, plantLabels } from './planted-secrets.ts';
import { type Run, runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'private labels '));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string) => join(root, name);
let run: Run;

const PATIENCE = 120_000;
beforeAll(async () => {
  writeServerRun(at('run'));
  plantLabels(at('run/trace.sqlite'));
  cpSync(at('run'), at('again'), { recursive: true });
  const exports = ['--perfetto', at('out/all.json'), '--csv', at('out/csv'), '--junit', at('out/junit.xml'), '--github-summary', '--json'];
  run = await runCli(['analyze', at('run'), ...exports, '--out', at('out/report')], { GITHUB_STEP_SUMMARY: at('out/summary.md') });
}, PATIENCE);

/** All that was written, by its path. */
const written = () =>
  readdirSync(at('out'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));

test('no report and no export of a trace that was not redacted holds a secret that its labels hold', () => {
  const files = [...written(), { name: 'stdout', text: run.stdout }, { name: 'stderr', text: run.stderr }];
  expect(files.map(f => f.name)).toEqual(expect.arrayContaining(['report.html', 'report.md', 'all.json', 'junit.xml', 'summary.md']));
  const told = files.flatMap(({ name, text }) =>
    Object.keys(PLANTED_LABELS).flatMap(secret => (text.includes(secret) ? [`${name}: ${secret}`] : [])),
  );
  expect(told).toEqual([]);
});

test('the rest of the labels is there', () => {
  const drawn = written().find(f => f.name === 'all.json')?.text ?? '';
  expect(drawn).toContain('--auth-token <redacted> --rank 0');
  expect(drawn).toContain('decode_step_<redacted>');
});

test('answers to questions hold none either, not even to those asked by hand', async () => {
  const asked = [
    ['nvtx_name', at('again')],
    ['thread_name', at('again')],
    ['kernel_time', at('again')],
    ['--sql', 'SELECT DISTINCT name FROM nvtx_range', at('again')],
  ];
  for (const words of asked) {
    const { code, stdout } = await runCli(['query', ...words, '--json']);
    expect(code).toBe(0);
    for (const secret of Object.keys(PLANTED_LABELS)) expect(stdout).not.toContain(secret);
  }
});
