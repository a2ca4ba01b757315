import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Nsys } from '#record/nsys/installed';
import { secretsOf } from '#record/redaction/secrets';
import { buildTrace } from '#test/synthetic-trace';
import { finish } from './finish.ts';
import { type CaseFolder, createCase } from './folder.ts';
import type { Plan } from './journal.ts';

const root = mkdtempSync(join(tmpdir(), 'finish-'));
const secrets = secretsOf({ env: { SECRET_TOKEN: 'planted-token-4711' } });
let made = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeAll(() => {
  buildTrace(join(root, 'trace.sqlite'), { version: '3.20.3', epochNs: 1_795_311_000_000_000_000n });
});

const plan = { windows: 1, redact: true } as Plan;
/** An nsys that exports every recording to the same trace, unless it is told to fail. */
function nsys(script = `cp "${root}/trace.sqlite" "$7"`): Nsys {
  const path = join(root, `nsys-${made++}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const none = new Map();
  return {
    path,
    version: '2022.4.2',
    options: { profile: none, launch: none, start: none, stop: none, shutdown: none, export: none },
    importer: undefined,
  };
}
function recorded(...recordings: string[]): CaseFolder {
  const folder = createCase(join(root, `case-${made++}`));
  for (const recording of recordings) writeFileSync(join(folder.private, recording), 'recording');
  return folder;
}
const finished = (folder: CaseFolder, using: Nsys, change: { plan?: Partial<Plan>; hurry?: AbortSignal } = {}) =>
  finish(folder, { ...plan, ...change.plan }, using, {
    secrets,
    env: process.env,
    progress: () => {},
    hurry: change.hurry ?? new AbortController().signal,
  });

describe('what was recorded', () => {
  test('becomes a trace; its raw export does not stay', async () => {
    const folder = recorded('trace.nsys-rep');
    expect(await finished(folder, nsys())).toEqual({ traces: new Map([['trace', ['trace']]]), missing: [] });
    expect(readdirSync(folder.path)).toEqual(['trace.sqlite']);
    expect(readdirSync(folder.private).sort()).toEqual(['trace.nsys-rep', 'workload']);
  });
  test('becomes a trace for each window and each rank', async () => {
    const folder = recorded('window-1.nsys-rep', 'window-2-rank0.nsys-rep', 'window-2-rank1.nsys-rep');
    expect((await finished(folder, nsys(), { plan: { windows: 3, redact: false } })).traces).toEqual(
      new Map([
        ['window-1', ['window-1']],
        ['window-2', ['window-2-rank0', 'window-2-rank1']],
        ['window-3', []],
      ]),
    );
  });
  test('is not exported again where there is a trace', async () => {
    const folder = recorded('trace.nsys-rep');
    writeFileSync(join(folder.path, 'trace.sqlite'), 'there already');
    expect((await finished(folder, nsys('exit 1'))).missing).toEqual([]);
    expect(readFileSync(join(folder.path, 'trace.sqlite'), 'utf8')).toBe('there already');
  });
  test('is named as missing where it cannot be exported, and the other windows are there', async () => {
    const folder = recorded('window-1.nsys-rep', 'window-2.nsys-rep');
    // Nobody has written to it for long, so it is whole.
    utimesSync(join(folder.private, 'window-1.nsys-rep'), 0, 0);
    const half = nsys(`case "$8" in *window-1*) echo "bad recording"; exit 3;; *) cp "${root}/trace.sqlite" "$7";; esac`);
    const { traces, missing } = await finished(folder, half, { plan: { windows: 2 } });
    expect([...traces]).toEqual([
      ['window-1', []],
      ['window-2', ['window-2']],
    ]);
    expect(missing).toEqual([`window-1: ${folder.private}/window-1.nsys-rep could not be exported to SQLite: bad recording (exit code 3)`]);
  });
  test('waits for --resume when somebody is in a hurry', async () => {
    const folder = recorded('trace.nsys-rep');
    const { missing } = await finished(folder, nsys(), { hurry: AbortSignal.abort() });
    expect(missing).toEqual(['trace: not exported, since the capture was interrupted twice (--resume does it)']);
    expect((await finished(folder, nsys())).missing).toEqual([]);
    expect(existsSync(join(folder.path, 'trace.sqlite'))).toBe(true);
  });
});

describe('what the workload left', () => {
  test('comes into the case without what is secret', async () => {
    const folder = recorded();
    writeFileSync(join(folder.workload, 'log.txt'), 'token planted-token-4711\n');
    await finished(folder, nsys());
    expect(readFileSync(join(folder.path, 'log.txt'), 'utf8')).not.toContain('planted-token');
    await finished(folder, nsys(), { plan: { redact: false } });
    expect(readFileSync(join(folder.path, 'log.txt'), 'utf8')).toContain('planted-token');
  });
  test.each(['case.json', 'journal.jsonl', 'host.csv', 'trace.sqlite', 'report.html'])('never takes the place of %s', async name => {
    const folder = recorded();
    writeFileSync(join(folder.workload, name), '{}');
    expect((await finished(folder, nsys())).missing).toEqual([
      `${name}, which the workload left, was left out of the case: its name is taken`,
    ]);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

test('requests lose what was asked and answered and the keys of their URLs, and keep lengths and times', async () => {
  const folder = recorded('trace.nsys-rep');
  const request = {
    id: 'r1',
    url: 'http://h/x?api_key=abc123',
    prompt: 'Tell me',
    output: 'No.',
    prompt_tokens: 2,
    arrival_ns: 5,
    itl_ms: [1.5],
  };
  writeFileSync(join(folder.workload, 'requests.jsonl'), `${JSON.stringify(request)}\n`);
  await finished(folder, nsys());
  expect(JSON.parse(readFileSync(join(folder.path, 'requests.jsonl'), 'utf8'))).toEqual({
    ...request,
    url: 'http://h/x?api_key=<redacted>',
    prompt: '<text of 7 characters>',
    output: '<text of 3 characters>',
  });
});
