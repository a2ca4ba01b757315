import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { capture, caseIn, cpu, HAS_NSYS, leftOver, NSYS, newRoot, onPath, textOf, WORKLOADS } from './harness.ts';

const root = newRoot();
afterAll(() => rmSync(root, { recursive: true, force: true }));

const query = (trace: string, sql: string): unknown[] => {
  const db = new Database(trace, { readonly: true });
  try {
    return db.prepare(sql).pluck().all();
  } finally {
    db.close();
  }
};
/** The server, whose requests do not go into the case: on a slow machine a window may pass without any, which is no business of these tests. */
const server = (name: string) => cpu('--seconds', '0', '--out', join(root, `${name}-out`));
/** Names of the ranges in a trace. */
const ranges = (trace: string) =>
  query(trace, 'SELECT DISTINCT coalesce(text, (SELECT value FROM StringIds WHERE id = textId)) FROM NVTX_EVENTS ORDER BY 1');

/** A program that opens a range of a name again and again, and another one around nothing in between. */
const RANGES = `
import sys, time
sys.path.insert(0, ${JSON.stringify(WORKLOADS)})
from marks import nvtx_range
time.sleep(2)
for step in range(int(sys.argv[1])):
    with nvtx_range("warm-up"):
        time.sleep(0.3)
    with nvtx_range("step to record"):
        for _ in range(5):
            with nvtx_range("inner"):
                time.sleep(0.1)
    time.sleep(1.5)
time.sleep(2)
`;

describe.skipIf(!HAS_NSYS).concurrent('windows', () => {
  test('repeat, each with a trace and a report of its own', async () => {
    const out = join(root, 'repeat');
    const run = capture(out, ['--delay', '2', '--duration', '1.5', '--repeat', '2', '--every', '8', '--stop-workload'], server('repeat'));
    const ended = await run.ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const { windows } = caseIn(out);
    expect(windows.map(w => [w.name, w.closed_by, w.traces, w.reports])).toEqual([
      ['window-1', 'its time was up', ['window-1.sqlite'], ['report-window-1']],
      ['window-2', 'its time was up', ['window-2.sqlite'], ['report-window-2']],
    ]);
    const apart = Number(BigInt(windows[1]!.opened_ns!) - BigInt(windows[0]!.opened_ns!)) / 1e9;
    expect(apart).toBeGreaterThan(6.5);
    for (const { traces } of windows) expect(query(join(out, traces[0]!), 'SELECT count(*) FROM NVTX_EVENTS')[0]).toBeGreaterThan(10);
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });

  test('can be opened and closed by a range of the application, whose string is not registered', async () => {
    const out = join(root, 'range');
    const script = join(root, 'ranges.py');
    writeFileSync(script, RANGES);
    const run = capture(out, ['--capture-range', 'nvtx:step to record'], ['python3', script, '2']);
    const ended = await run.ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const content = caseIn(out);
    expect(content.windows).toMatchObject([{ name: 'trace', closed_by: "the application's ranges were over" }]);
    const [trace = ''] = content.windows[0]!.traces;
    // Of the range that opened the window nsys records the beginning at most.
    expect(ranges(join(out, trace))).toContain('inner');
    expect(ranges(join(out, trace))).not.toContain('warm-up');
    expect(query(join(out, trace), 'SELECT count(*) FROM NVTX_EVENTS')[0]).toBeLessThan(10);
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });

  test('that the application never opens are said to be missing', async () => {
    const out = join(root, 'never');
    const script = join(root, 'never.py');
    writeFileSync(script, RANGES);
    const run = capture(out, ['--capture-range', 'nvtx:no such range'], ['python3', script, '1']);
    const { code } = await run.ended;
    expect(code).toBe(3);
    expect(caseIn(out).missing).toContain('trace: there is no recording: the application never opened the range');
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });

  test('lie in paths with spaces and percent signs', async () => {
    const out = join(root, '50% off %h %q{HOME}', 'a case');
    const run = capture(out, ['--delay', '2', '--duration', '1.5', '--stop-workload'], server('paths'));
    const ended = await run.ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(caseIn(out).windows[0]?.traces).toEqual(['trace.sqlite']);
  });

  test('are recorded with the flags that the user gives to nsys, in place of ours', async () => {
    const out = join(root, 'flags');
    const run = capture(
      out,
      ['--delay', '1', '--duration', '1.5', '--stop-workload', '--nsys', '-t', 'osrt', '--osrt-threshold', '500000'],
      server('flags'),
    );
    const ended = await run.ended;
    expect(ended.stderr).not.toContain('This is a bug');
    const content = caseIn(out);
    expect(content.nsys.flags).toEqual(['--trace=osrt', '--osrt-threshold=500000']);
    const trace = join(out, 'trace.sqlite');
    expect(query(trace, "SELECT name FROM sqlite_master WHERE name = 'NVTX_EVENTS'")).toEqual([]);
    expect(query(trace, 'SELECT min("end" - start) FROM OSRT_API WHERE "end" > start')[0]).toBeGreaterThanOrEqual(500_000);
  });

  test('are recorded by nsys profile where nsys has no sessions; the workload outlives them', async () => {
    const out = join(root, 'profile');
    const nsys = join(root, 'nsys without sessions');
    writeFileSync(nsys, `#!/bin/sh\ncase "$1 $2" in "launch --help") echo "no such command"; exit 1;; esac\nexec ${NSYS} "$@"\n`);
    chmodSync(nsys, 0o755);
    const run = capture(out, ['--delay', '2', '--duration', '2', '--stop-workload', '--nsys-path', nsys], server('profile'));
    const ended = await run.ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const content = caseIn(out);
    expect(content).toMatchObject({ status: 'complete', nsys: { method: 'profile' }, workload: { exit_code: null } });
    // It ended its files in order: it was asked to, and not killed with the window.
    expect(textOf(join(root, 'profile-out/truth.json'))).toContain('"scenario": "clean"');
    expect(query(join(out, 'trace.sqlite'), 'SELECT count(*) FROM NVTX_EVENTS')[0]).toBeGreaterThan(10);
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });
});

/** Starts two ranks as mpirun does, as far as a capture can see; a real one is used where there is one. */
const PRETEND_MPIRUN = `#!/bin/bash
[ "$1" = -n ] || exit 2
n=$2; shift 2
for ((r = 0; r < n; r++)); do OMPI_COMM_WORLD_RANK=$r "$@" & done
code=0
while ! wait -n; do status=$?; [ $status = 127 ] && break; code=$status; done
exit $code
`;
const REAL_MPIRUN = onPath('mpirun');

describe.skipIf(!HAS_NSYS).concurrent('ranks', () => {
  const folder = join(root, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mpirun'), PRETEND_MPIRUN, { mode: 0o755 });
  const ranked = async (name: string, launcher: readonly string[]) => {
    const out = join(root, name);
    const run = capture(
      out,
      ['--preset', 'multi-rank', '--report-per', 'rank', '--delay', '3', '--duration', '2', '--nsys-timeout', '5'],
      [...launcher, ...cpu('--seconds', '18')],
    );
    const { code, stdout, stderr } = await run.ended;
    expect(code, stdout + stderr).toBe(0);
    const content = caseIn(out);
    expect(content.windows).toMatchObject([
      { traces: ['trace-rank0.sqlite', 'trace-rank1.sqlite'], reports: ['report-trace-rank0', 'report-trace-rank1'] },
    ]);
    expect(content.nsys.method).toBe('profile');
    // The ranks served until their own end, long after the window and the patience with nsys.
    const log = readFileSync(`${out}.private/workload.log`, 'utf8');
    expect(log.match(/requests in the window/g), log).toHaveLength(2);
    expect(await leftOver(run.tag, 10)).toEqual([]);
  };

  test('of a launcher have a report each, and go on when the window closes', () => ranked('ranks', [join(folder, 'mpirun'), '-n', '2']));
  test.skipIf(REAL_MPIRUN === undefined)('of Open MPI have a report each, and go on when the window closes', () =>
    ranked('mpi', [REAL_MPIRUN ?? '', '--allow-run-as-root', '--oversubscribe', '-n', '2']),
  );
});
