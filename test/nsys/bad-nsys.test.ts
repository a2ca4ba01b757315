import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { failureOf } from '../run-cli.ts';
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
  leftOver,
  NSYS,
  newRoot,
  partsOf,
  start,
  textOf,
} from './harness.ts';

const root = newRoot();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program that stands before the real nsys, and does with some of its subcommands what a few lines of shell say. */
function pretendNsys(name: string, of: Readonly<Record<string, string>>, importer?: string): string {
  const bin = join(root, name, 'bin');
  mkdirSync(bin, { recursive: true });
  const cases = Object.entries(of).map(([subcommand, script]) => `${subcommand}) case "$2" in --help) ;; *) ${script} ;; esac ;;`);
  writeFileSync(join(bin, 'nsys'), `#!/bin/bash\ncase "$1" in\n${cases.join('\n')}\nesac\nexec ${NSYS} "$@"\n`, { mode: 0o755 });
  if (importer !== undefined) {
    mkdirSync(join(root, name, 'host-linux-x64'));
    writeFileSync(join(root, name, 'host-linux-x64/QdstrmImporter'), `#!/bin/sh\n${importer}\n`, { mode: 0o755 });
  }
  return join(bin, 'nsys');
}

const calm = async (run: Capture): Promise<Ended> => {
  const ended = await run.ended;
  expect(ended.stderr).not.toMatch(/^\s+at |This is a bug/m);
  expect(await leftOver(run.tag, 5)).toEqual([]);
  expect(partsOf(run.out)).toEqual([]);
  return ended;
};
const WINDOW = ['--delay', '3', '--duration', '2', '--stop-grace', '5'];
const resumed = (out: string) => calm(start(['capture', '--resume', out, '--nsys-path', NSYS], { out }));
const unharmed = (out: string) => {
  expect(journalIn(out).find(e => e.event === 'workload-ended')).toMatchObject({ code: 0 });
  expect(textOf(`${out}.private/workload.log`)).toContain('requests in the window');
};

describe.skipIf(!HAS_NSYS).concurrent('an nsys', () => {
  test('whose stop hangs is given up; the workload goes on to its own end', async () => {
    const out = join(root, 'hangs');
    const nsys = pretendNsys('hangs-nsys', { stop: 'sleep 300' });
    const { code, stderr } = await calm(capture(out, [...WINDOW, '--nsys-timeout', '3', '--nsys-path', nsys], cpu('--seconds', '14')));
    expect(code, stderr).toBe(3);
    expect(caseIn(out)).toMatchObject({
      status: 'incomplete',
      missing: expect.arrayContaining(['trace: nsys hung: it did nothing for 3 s while it should have written the recording']),
    });
    unharmed(out);
  });

  test('whose start fails records nothing; the workload goes on to its own end', async () => {
    const out = join(root, 'no-start');
    const nsys = pretendNsys('no-start-nsys', { start: 'echo "no permission to profile" >&2; exit 1' });
    const { code, stderr } = await calm(capture(out, [...WINDOW, '--nsys-path', nsys], cpu('--seconds', '6')));
    expect(code, stderr).toBe(3);
    expect(caseIn(out).missing).toContain('trace: nsys start failed: no permission to profile');
    expect(caseIn(out).windows).toMatchObject([{ opened_ns: null, traces: [] }]);
    unharmed(out);
  });

  test('whose launch fails for a moment, as when another session ends, is asked again', async () => {
    const out = join(root, 'stumbles');
    const once = join(root, 'stumbled');
    const nsys = pretendNsys('stumbles-nsys', { launch: `[ -e ${once} ] || { touch ${once}; echo "End of file"; exit 1; }` });
    const { code, stderr } = await calm(capture(out, [...WINDOW, '--stop-workload', '--nsys-path', nsys], cpu('--seconds', '0')));
    expect(code, stderr).toBe(0);
    expect(textOf(`${out}.private/workload.log`)).toContain('End of file');
    expect(caseIn(out).status).toBe('complete');
  });

  test('whose launch always fails never began the workload, and the case says so', async () => {
    const out = join(root, 'no-launch');
    const nsys = pretendNsys('no-launch-nsys', { launch: 'echo "End of file"; exit 1' });
    const { code } = await calm(capture(out, [...WINDOW, '--nsys-path', nsys], cpu('--seconds', '0')));
    expect(code).toBe(3);
    expect(caseIn(out)).toMatchObject({
      status: 'incomplete',
      missing: expect.arrayContaining(['nsys could not start the workload (exit code 1): its words are in workload.log']),
      workload: { started_ns: null, exit_code: null },
    });
  });

  test('that leaves a .qdstrm which its importer cannot read: the file is kept, and another nsys finishes the case', async () => {
    const out = join(root, 'raw');
    const nsys = pretendNsys('raw-nsys', {}, 'echo "Importing [10%]"; echo "The file is of a newer version" >&2; exit 1');
    const { code } = await calm(capture(out, [...WINDOW, '--stop-workload', '--nsys-path', nsys], cpu('--seconds', '0')));
    expect(code).toBe(3);
    expect(caseIn(out).missing).toContain(
      `trace: ${out}.private/trace.qdstrm could not be imported: The file is of a newer version (exit code 1)`,
    );
    expect(filesBelow(`${out}.private`)).toContain('trace.qdstrm');
    const again = await resumed(out);
    expect(again.code, again.stderr).toBe(0);
    expect(caseIn(out)).toMatchObject({ status: 'complete', windows: [{ traces: ['trace.sqlite'], reports: ['report'] }] });
    expect(filesBelow(`${out}.private`)).not.toContain('trace.qdstrm');
  });

  test('whose export fails leaves a case without a trace, which another nsys finishes', async () => {
    const out = join(root, 'no-export');
    const nsys = pretendNsys('no-export-nsys', { export: 'echo "half" > "$7"; echo "Segmentation fault" >&2; exit 139' });
    const { code } = await calm(capture(out, [...WINDOW, '--stop-workload', '--nsys-path', nsys], cpu('--seconds', '0')));
    expect(code).toBe(3);
    expect(caseIn(out)).toMatchObject({ status: 'incomplete', windows: [{ closed_by: 'its time was up', traces: [] }] });
    expect(caseIn(out).missing.join()).toMatch(/trace\.nsys-rep could not be exported to SQLite: Segmentation fault \(exit code 139\)/);
    const again = await resumed(out);
    expect(again.code, again.stderr).toBe(0);
    expect(caseIn(out).status).toBe('complete');
  });

  test('that is killed while it records: what is missing is said, and the workload is left to its own end', async () => {
    const out = join(root, 'killed');
    const run = capture(out, ['--delay', '2', '--duration', '30', '--nsys-timeout', '3', '--stop-grace', '3'], cpu('--seconds', '10'));
    await happened(run, 'window-opened');
    const agent = execFileSync('pgrep', ['-f', `start-agent --session-name=forensics-`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number)
      .filter(pid => textOf(`/proc/${pid}/environ`).includes(out));
    for (const pid of agent) process.kill(pid, 'SIGKILL');
    const { code } = await calm(run);
    expect([3, 4]).toContain(code);
    expect(caseIn(out).missing.length).toBeGreaterThan(0);
  });

  test('that does not answer at all is refused before anything is begun', async () => {
    const out = join(root, 'mute');
    const nsys = pretendNsys('mute-nsys', { '--version': 'sleep 300' });
    const ended = await calm(capture(out, [...WINDOW, '--nsys-path', nsys], cpu('--seconds', '0')));
    expect(failureOf(ended).sentence).toBe(`${nsys} --version does not answer`);
    expect(filesBelow(out)).toEqual([]);
  });
});

const MIB = 2 ** 20;
/** A small disk of our own, where that is permitted. */
function smallDisk(name: string, mib: number): string | undefined {
  const path = join(root, name);
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}
const disks = HAS_NSYS ? [smallDisk('small', 100), smallDisk('filling', 1000), smallDisk('full', 700)] : [];
const [small, filling, full] = disks;
const NO_DISK = disks.includes(undefined) || !HAS_NSYS;
if (HAS_NSYS && NO_DISK) process.stderr.write('\n!!! WARNING: no tmpfs may be mounted here: the tests of a full disk are SKIPPED\n\n');
afterAll(() => {
  for (const disk of disks) if (disk !== undefined) execFileSync('umount', ['-l', disk]);
});
/** Fills a disk until so little is left, or nothing at all. */
function fill(disk: string, leftMib: number): string {
  const path = join(disk, 'filler');
  const file = openSync(path, 'w');
  const zeros = Buffer.alloc(MIB);
  const free = () => {
    const { bavail, bsize } = statfsSync(disk);
    return bavail * bsize;
  };
  try {
    while (free() > leftMib * MIB) writeSync(file, zeros);
  } catch {
    // It is full: others write to it, too.
  } finally {
    closeSync(file);
  }
  return path;
}

describe.skipIf(NO_DISK).concurrent('a disk', () => {
  test('that is too small for a recording is refused', async () => {
    const out = join(small ?? '', 'case');
    const ended = await calm(capture(out, WINDOW, cpu('--seconds', '0')));
    expect(failureOf(ended).sentence).toMatch(/small\/case\.private has [\d.]+ MiB free, and 2 s of recording on 1 GPU\(s\) may need/);
    expect(filesBelow(small ?? '')).toEqual([]);
  });

  test('that fills up ends the recording early, and what was recorded is kept', async () => {
    const out = join(filling ?? '', 'case');
    const run = capture(
      out,
      ['--no-checks', '--delay', '2', '--duration', '60', '--stop-workload', '--stop-grace', '5'],
      cpu('--seconds', '0'),
    );
    await happened(run, 'window-opened');
    fill(filling ?? '', 400);
    const { code, stderr } = await calm(run);
    expect(code, stderr).toBe(3);
    expect(caseIn(out)).toMatchObject({
      status: 'incomplete',
      windows: [{ closed_by: 'the disk was nearly full', traces: ['trace.sqlite'] }],
      missing: expect.arrayContaining(['recording ended early, for lack of space on the disk']),
    });
  });

  test('that is full in the end leaves no half-written case; --resume finishes it once there is space', async () => {
    const out = join(full ?? '', 'case');
    const run = capture(out, ['--no-checks', ...WINDOW, '--stop-workload'], cpu('--seconds', '0'));
    await happened(run, 'window-closed');
    const filler = fill(full ?? '', 0);
    const ended = await run.ended;
    expect(ended.stderr).not.toMatch(/^\s+at |This is a bug/m);
    expect(await leftOver(run.tag, 5)).toEqual([]);
    if (ended.code === 2) expect(ended.stderr).toMatch(/^error .*cannot be written \(the disk is full/m);
    else expect(ended.code).toBe(3);
    rmSync(filler);
    const again = await resumed(out);
    expect([0, 3], again.stderr).toContain(again.code);
    // nsys itself may have had no room for its recording.
    expect(caseIn(out).windows[0]!.traces.length === 1 || caseIn(out).missing.length > 0).toBe(true);
  });
});
