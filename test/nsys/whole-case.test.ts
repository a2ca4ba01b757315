import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import hostCsv from '#input/formats/host-csv/importer';
import { importers } from '#input/formats/index.gen';
import { recognise } from '#input/formats/recognise';
import { Report } from '#schema/report';
import { Snapshot } from '#schema/snapshot';
import { System } from '#schema/system';
import { spawnCli } from '../run-cli.ts';
import {
  type Capture,
  capture,
  caseIn,
  cpu,
  type Ended,
  filesBelow,
  HAS_NSYS,
  happened,
  journalIn,
  jsonIn,
  kill,
  leftOver,
  newRoot,
  processesOf,
  textOf,
  within,
} from './harness.ts';

/** How long `nsys start` and `nsys stop` may take on a machine that is busy; the program of the test runs for far longer. */
const SLOW_NSYS_S = 6;
const root = newRoot();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Times are ns since the session began. */
function eventsOf(trace: string): { session: bigint; nvtx: [number, number][]; osrt: [number, number][] } {
  const db = new Database(trace, { readonly: true });
  try {
    const spans = (table: string) =>
      db.prepare(`SELECT start, coalesce("end", start) FROM ${table} ORDER BY start`).raw().all() as [number, number][];
    const session = db.prepare('SELECT utcEpochNs FROM TARGET_INFO_SESSION_START_TIME').pluck().get();
    return { session: BigInt(session as number | string | bigint), nvtx: spans('NVTX_EVENTS'), osrt: spans('OSRT_API') };
  } finally {
    db.close();
  }
}
const seconds = (ns: string | null) => Number(BigInt(ns ?? '0') / 1_000_000n) / 1e3;

describe.skipIf(!HAS_NSYS)('a capture of a program that goes on and on', () => {
  const out = join(root, 'whole');
  const planted = 'planted-7f3a9c51-token';
  const key = 'planted-9d2b8e47-key';
  let ended: Ended;
  let run: Capture;
  beforeAll(async () => {
    run = capture(
      out,
      ['--delay', '2', '--duration', '4', '--stop-workload'],
      // A shell takes the key, which cpu.py would refuse.
      ['sh', '-c', 'shift 2; exec "$@"', 'serve', '--api-key', key, ...cpu('--seconds', '0', '--every', '1', '--fault', 'lock-wait,sleep')],
      { env: { ...process.env, SECRET_TOKEN: planted } },
    );
    ended = await run.ended;
  }, 120_000);

  test('ends well, and leaves no process behind', async () => {
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    // Without a GPU its samples are missing, and the last line says so.
    const lacking = ended.stdout.includes('missing: ') ? ' but for what is missing above' : '';
    expect(ended.stdout).toContain(`Case: ${out} (complete${lacking})\n`);
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });

  test('leaves a case that says how it went, and lists every file', () => {
    const content = caseIn(out);
    expect(content).toMatchObject({
      status: 'complete',
      preset: 'serving',
      nsys: { method: 'sessions' },
      windows: [{ name: 'trace', closed_by: 'its time was up', traces: ['trace.sqlite'], reports: ['report'] }],
      workload: { exit_code: 0, afterwards: 'stop' },
      redacted: true,
    });
    expect(content.clocks.map(c => c.at)).toEqual(['start', 'end']);
    for (const c of content.clocks) expect(c.uncertainty_ns).toBeLessThan(1e7);
    expect(content.files.map(f => f.path)).toEqual(filesBelow(out).filter(f => f !== 'case.json'));
    const [window] = content.windows;
    const length = seconds(window!.closed_ns) - seconds(window!.opened_ns);
    expect(length).toBeGreaterThan(3.9);
    expect(length).toBeLessThan(8);
    expect(journalIn(out).map(e => e.event)).toEqual(
      expect.arrayContaining(['planned', 'workload-started', 'window-opened', 'window-closed', 'sampled', 'workload-ended', 'recorded']),
    );
  });

  test('has ranges and calls of the window in its trace, and of nothing else', () => {
    const { session, nvtx, osrt } = eventsOf(join(out, 'trace.sqlite'));
    const [window] = caseIn(out).windows;
    expect(nvtx.length).toBeGreaterThan(100);
    expect(osrt.length).toBeGreaterThan(100);
    // nsys start answers after the collection began, and nsys stop is asked before it ends: seconds, where the machine is busy.
    const opened = seconds(window!.opened_ns);
    const closed = seconds(window!.closed_ns);
    const began = Number(session / 1_000_000n) / 1e3;
    expect(Math.abs(began - opened)).toBeLessThan(SLOW_NSYS_S);
    for (const events of [nvtx, osrt]) {
      const first = began + (events[0]?.[0] ?? 0) / 1e9;
      const last = began + Math.max(...events.map(e => e[1])) / 1e9;
      expect(first).toBeGreaterThan(opened - SLOW_NSYS_S);
      expect(last).toBeLessThan(closed + SLOW_NSYS_S);
      expect(last - first).toBeGreaterThan(2);
    }
    // It served for two seconds before that, and none of it is here.
    expect(Math.min(...[...nvtx, ...osrt].map(e => e[0]))).toBeGreaterThan(-0.5e9);
  });

  test('has samples of the host around the window, requests of the workload, and the system', () => {
    const [window] = caseIn(out).windows;
    const host = hostCsv.parse(readFileSync(join(out, 'host.csv'), 'utf8'), 'host.csv');
    const origin = Number(host.origin_ns / 1_000_000n) / 1e3;
    expect(origin + host.rows[0]!.t_ms / 1e3).toBeLessThan(seconds(window!.opened_ns));
    expect(origin + host.rows.at(-1)!.t_ms / 1e3).toBeGreaterThan(seconds(window!.closed_ns));
    expect(recognise(readFileSync(join(out, 'requests.jsonl'), 'utf8'), importers)?.kind).toBe('requests');
    expect(jsonIn(join(out, 'truth.json'))).toMatchObject({ scenario: 'lock-wait,sleep' });
    expect(System.parse(jsonIn(join(out, 'system.json'))).nsys).toBe(caseIn(out).nsys.version);
    expect(Snapshot.parse(jsonIn(join(out, 'snapshot.json'))).facts).toContainEqual({
      entity: 'software',
      name: 'nsys',
      value: caseIn(out).nsys.version,
      unit: '',
    });
  });

  test('has a report, and can be analyzed again', () => {
    const report = Report.parse(jsonIn(join(out, 'report/report.json')));
    expect(report.recording).toMatchObject({ preset: 'serving', closed_by: 'its time was up' });
    expect(report.latency.find(l => l.metric === 'e2e')?.n).toBeGreaterThan(5);
    const again = spawnCli(['analyze', out, '--out', join(root, 'again')]);
    expect(again.code, again.stderr).toBe(0);
    expect(Report.parse(jsonIn(join(root, 'again/report.json'))).latency).toEqual(report.latency);
  });

  test('keeps the recording of nsys and all that is private beside the case, and nothing that is half-written', () => {
    const kept = filesBelow(`${out}.private`);
    expect(kept).toEqual(expect.arrayContaining(['trace.nsys-rep', 'workload.log', 'nsys.log']));
    expect(kept.filter(f => /\.(qdstrm|sqlite)$|claim|\.part/.test(f))).toEqual([]);
    expect(filesBelow(out).filter(f => f.includes('.part'))).toEqual([]);
  });

  test('its recording goes straight into analyze, exported by the nsys in PATH', () => {
    const recording = join(`${out}.private`, 'trace.nsys-rep');
    const run = spawnCli(['analyze', recording, '--out', join(root, 'straight'), '--json']);
    expect(run.stderr).toContain('with nsys');
    expect(Report.parse(JSON.parse(run.stdout)).inputs.map(i => i.path)).toContain('trace.nsys-rep');
  });

  test('tells nothing of who ran it, where, or with which secrets', () => {
    const [home, host, user] = [homedir(), hostname(), userInfo().username];
    const secrets = [planted, key, `HOME=${home}`, `/${user}/`, host, `${home}/`].filter(s => s.length > 3);
    const found = filesBelow(out).flatMap(file => {
      const bytes = readFileSync(join(out, file));
      return secrets.filter(s => bytes.includes(s)).map(s => `${file}: ${s}`);
    });
    expect(found).toEqual([]);
    // The search would find them: the private folder has the environment.
    expect(readFileSync(join(`${out}.private`, 'trace.nsys-rep')).includes(planted)).toBe(true);
  });
});

describe.skipIf(!HAS_NSYS).concurrent('the end of the window', () => {
  const lines = (file: string) =>
    textOf(file)
      .split('\n')
      .filter(l => l !== '').length;

  test('is no event for the workload, which goes on and ends by itself, with its own exit code', async () => {
    const out = join(root, 'goes-on');
    const enough = join(root, 'enough');
    // Where the test is tried again.
    rmSync(enough, { force: true });
    // It writes the time every tenth of a second, and would write that a signal came.
    const script = `trap 'echo signal; exit 9' TERM INT HUP; until [ -e ${enough} ]; do date +%s.%N; sleep 0.1; done; exit 42`;
    const run = capture(out, ['--delay', '1', '--duration', '1'], ['bash', '-c', script]);
    expect(await within(60, () => run.stderr().includes('the workload goes on; Ctrl-C stops it'))).toBe(true);
    const closed = seconds(caseIn(out).windows[0]!.closed_ns);
    const timesAfter = () =>
      textOf(`${out}.private/workload.log`)
        .split('\n')
        .filter(l => /^\d+\.\d+$/.test(l) && Number(l) > closed + 1);
    // Where the case is written in no time, it has to go on for a while yet.
    expect(await within(60, () => timesAfter().length > 10)).toBe(true);
    writeFileSync(enough, '');
    const ended = await run.ended;
    const content = caseIn(out);
    expect(textOf(`${out}.private/workload.log`)).not.toContain('signal');
    // The case was written while it went on; the journal knows the end.
    expect(content.workload).toMatchObject({ ended_ns: null, exit_code: null, afterwards: 'wait' });
    expect(journalIn(out).at(-1)).toMatchObject({ event: 'workload-ended', code: 42 });
    expect(ended.code).toBe(0);
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });

  test('is the end of forensics with --leave-workload; the workload lives on', async () => {
    const out = join(root, 'left');
    const run = capture(out, ['--delay', '3', '--duration', '1.5', '--leave-workload'], cpu('--seconds', '0'));
    const { code, stdout, stderr } = await run.ended;
    expect(code, stdout + stderr).toBe(0);
    expect(caseIn(out)).toMatchObject({ status: 'complete', workload: { ended_ns: null, afterwards: 'leave' } });
    const served = () => lines(`${out}.private/workload/requests.jsonl`);
    const before = served();
    expect(await within(10, () => served() > before + 5)).toBe(true);
    const left = processesOf(run.tag);
    expect(left.filter(p => ['forensics', 'watchdog'].includes(p.role))).toEqual([]);
    const workload = left.find(p => p.role === 'workload');
    kill(workload?.pid ?? 0, 'SIGTERM');
    // nsys ends with what it launched.
    expect(await leftOver(run.tag, 20)).toEqual([]);
  });

  test('with --stop-workload is its end, in order, and its children with it', async () => {
    const out = join(root, 'stopped');
    const script = `trap 'echo asked; exit 5' TERM; setsid sleep 300 & while :; do sleep 0.1; done`;
    const run = capture(out, ['--delay', '0.5', '--duration', '1', '--stop-workload'], ['bash', '-c', script]);
    await happened(run, 'window-opened');
    expect(processesOf(run.tag).some(p => p.command.includes('sleep 300'))).toBe(true);
    await run.ended;
    expect(textOf(`${out}.private/workload.log`)).toContain('asked');
    expect(caseIn(out).workload).toMatchObject({ exit_code: 5 });
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });

  test('with --stop-workload is not put off by a workload that does not listen', async () => {
    const out = join(root, 'deaf');
    const script = `trap '' TERM INT HUP; while :; do sleep 0.1; done`;
    const run = capture(out, ['--delay', '0.5', '--duration', '1', '--stop-workload', '--stop-grace', '1'], ['bash', '-c', script]);
    await run.ended;
    expect(caseIn(out).notes).toContain('the workload did not end within 1 s and was killed');
    expect(await leftOver(run.tag, 5)).toEqual([]);
  });
});
