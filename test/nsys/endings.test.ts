import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { failureOf } from '../run-cli.ts';
import {
  type Capture,
  capture,
  caseIn,
  cpu,
  filesBelow,
  HAS_NSYS,
  happened,
  journalIn,
  leftOver,
  NSYS,
  newRoot,
  start,
  textOf,
} from './harness.ts';

const root = newRoot();
afterAll(() => rmSync(root, { recursive: true, force: true }));

const calm = async (run: Capture) => {
  const ended = await run.ended;
  expect(ended.stderr).not.toMatch(/^\s+at |This is a bug/m);
  expect(await leftOver(run.tag, 5)).toEqual([]);
  return ended;
};
const SHORT = ['--stop-grace', '3', '--nsys-timeout', '10'];

describe.skipIf(!HAS_NSYS).concurrent('a workload', () => {
  test('that dies before its window fails the capture', async () => {
    const out = join(root, 'before');
    const run = capture(out, [...SHORT, '--delay', '20', '--duration', '1'], ['sh', '-c', 'echo no model >&2; sleep 0.5; exit 7']);
    const { code, stderr } = await calm(run);
    expect(code).toBe(4);
    expect(stderr).toContain('workload: no model');
    expect(caseIn(out)).toMatchObject({
      status: 'workload-failed',
      missing: expect.arrayContaining(['trace: never opened, since the workload ended']),
      windows: [{ opened_ns: null, closed_by: null, traces: [] }],
      workload: { exit_code: 7 },
    });
  });

  test('that dies in its window fails the capture, and what was recorded until then is kept', async () => {
    const out = join(root, 'within');
    const program = cpu('--seconds', '0')
      .map(w => `'${w}'`)
      .join(' ');
    const run = capture(out, [...SHORT, '--delay', '2', '--duration', '60'], ['sh', '-c', `timeout -s KILL 6 ${program}; exit 8`]);
    const { code, stderr } = await calm(run);
    expect(code, stderr).toBe(4);
    expect(caseIn(out)).toMatchObject({
      status: 'workload-failed',
      windows: [{ closed_by: 'the workload ended', traces: ['trace.sqlite'] }],
      workload: { exit_code: 8 },
    });
  });

  test('that ends well in a window without an end is a complete capture', async () => {
    const out = join(root, 'whole-run');
    const run = capture(out, SHORT, cpu('--seconds', '3'));
    const { code, stderr } = await calm(run);
    expect(code, stderr).toBe(0);
    expect(caseIn(out)).toMatchObject({ status: 'complete', windows: [{ closed_by: 'the workload ended' }], workload: { exit_code: 0 } });
  });

  test('that cannot be found is refused, and nothing is begun', async () => {
    const out = join(root, 'unknown');
    const run = capture(out, SHORT, ['no-such-program']);
    expect(failureOf(await calm(run)).sentence).toBe('no-such-program is not a program that can be found');
    expect(filesBelow(out)).toEqual([]);
  });

  test('that cannot be started fails the capture', async () => {
    const out = join(root, 'no-interpreter');
    const script = join(root, 'serve.sh');
    writeFileSync(script, '#!/no/such/interpreter\n');
    chmodSync(script, 0o755);
    const { code } = await calm(capture(out, [...SHORT, '--duration', '1'], [script]));
    expect(code).toBe(4);
    expect(caseIn(out)).toMatchObject({ status: 'workload-failed' });
    expect(caseIn(out).workload.exit_code).toBeGreaterThan(100);
  });
});

describe.skipIf(!HAS_NSYS).concurrent('a capture that is interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s in its window ends in order, keeps what there is, and says so', async (signal, expected) => {
    const out = join(root, signal);
    const run = capture(out, [...SHORT, '--delay', '2', '--duration', '60'], cpu('--seconds', '0'));
    await happened(run, 'window-opened');
    await sleep(2000);
    run.child.kill(signal);
    const { code, stderr } = await calm(run);
    expect(code, stderr).toBe(expected);
    const content = caseIn(out);
    expect(content).toMatchObject({
      status: 'interrupted',
      windows: [{ closed_by: 'the capture was interrupted', traces: ['trace.sqlite'] }],
    });
    // The workload got the signal, and ended in order.
    expect(content.workload.exit_code).not.toBeNull();
    expect(content.files.map(f => f.path)).toContain('host.csv');
  });

  test('where nsys has no sessions ends its recording early, too', async () => {
    const out = join(root, 'no-sessions');
    const nsys = join(root, 'nsys-without-sessions');
    writeFileSync(nsys, `#!/bin/sh\ncase "$1 $2" in "launch --help") exit 1;; esac\nexec ${NSYS} "$@"\n`, { mode: 0o755 });
    const run = capture(out, [...SHORT, '--delay', '2', '--duration', '100', '--nsys-path', nsys], cpu('--seconds', '0'));
    await happened(run, 'window-opened');
    await sleep(2000);
    run.child.kill('SIGINT');
    const { code, stderr } = await calm(run);
    expect(code, stderr).toBe(130);
    expect(caseIn(out)).toMatchObject({ status: 'interrupted', nsys: { method: 'profile' }, windows: [{ traces: ['trace.sqlite'] }] });
    expect(textOf(`${out}.private/workload.log`)).toContain('requests in the window');
  });

  test('before its window has nothing to keep, and says so', async () => {
    const out = join(root, 'early');
    const run = capture(out, [...SHORT, '--delay', '60', '--duration', '1'], cpu('--seconds', '0'));
    await happened(run, 'workload-started');
    run.child.kill('SIGINT');
    const { code } = await calm(run);
    expect(code).toBe(130);
    expect(caseIn(out)).toMatchObject({ status: 'interrupted', windows: [{ opened_ns: null }] });
    expect(caseIn(out).missing).toContain('trace: never opened, since the capture was interrupted');
  });

  test('twice ends at once; --resume brings what is left to do', async () => {
    const out = join(root, 'twice');
    // It would take a minute to end.
    const run = capture(
      out,
      ['--delay', '1', '--duration', '60', '--stop-grace', '60'],
      ['sh', '-c', 'trap "" INT TERM; exec "$@"', 'sh', 'sleep', '300'],
    );
    await happened(run, 'window-opened');
    await sleep(1000);
    run.child.kill('SIGINT');
    await sleep(700);
    run.child.kill('SIGINT');
    const { code } = await calm(run);
    expect(code).toBe(130);
    // It was not waited for: that it was killed says so.
    expect(caseIn(out).notes).toContain('the workload was killed: interrupted twice');
    expect(caseIn(out).status).toBe('interrupted');
    expect(caseIn(out).missing.join()).toMatch(/interrupted twice/);
  });

  test('while it finishes goes on, unless it is interrupted twice; --resume finishes it then', async () => {
    const out = join(root, 'finishing');
    const nsys = join(root, 'slow-nsys');
    writeFileSync(nsys, `#!/bin/sh\n[ "$1" = export ] && sleep 300\nexec ${NSYS} "$@"\n`, { mode: 0o755 });
    const run = capture(out, [...SHORT, '--delay', '2', '--duration', '2', '--stop-workload', '--nsys-path', nsys], cpu('--seconds', '0'));
    await happened(run, 'recorded');
    await sleep(1000);
    run.child.kill('SIGINT');
    await sleep(1000);
    expect(run.isOver()).toBe(false);
    run.child.kill('SIGINT');
    const { code } = await calm(run);
    expect(code).toBe(130);
    expect(caseIn(out)).toMatchObject({ status: 'incomplete', windows: [{ traces: [] }] });
    expect(caseIn(out).missing).toContain('trace: not exported, since the capture was interrupted twice (--resume does it)');
    const resumed = await start(['capture', '--resume', out, '--nsys-path', 'nsys']).ended;
    expect(resumed.stderr).toContain('nsys does not exist');
    const finished = await calm(start(['capture', '--resume', out, '--nsys-path', NSYS], { out }));
    expect([0, 3], finished.stderr).toContain(finished.code);
    expect(caseIn(out).windows[0]?.traces).toEqual(['trace.sqlite']);
    expect(failureOf(await start(['capture', '--resume', out]).ended).sentence).toContain('is finished already');
  });

  test('after its report, while the workload goes on, ends that too', async () => {
    const out = join(root, 'after');
    const run = capture(out, [...SHORT, '--delay', '2', '--duration', '2'], cpu('--seconds', '0'));
    await run.child.stderr?.once('data', () => {});
    for (let i = 0; i < 600 && !run.stderr().includes('the workload goes on'); i++) await sleep(100);
    expect(caseIn(out).status).toBe('complete');
    run.child.kill('SIGINT');
    const { code, stderr } = await calm(run);
    expect(code, stderr).toBe(0);
    expect(journalIn(out).at(-1)).toMatchObject({ event: 'workload-ended', code: 0 });
    expect(textOf(`${out}.private/workload.log`)).toContain('requests in the window');
  });
});

test.skipIf(!HAS_NSYS)('a case that is being recorded cannot be resumed at the same time', async () => {
  const out = join(root, 'at-it');
  const run = capture(out, [...SHORT, '--delay', '60'], cpu('--seconds', '0'));
  await happened(run, 'workload-started');
  const { sentence } = failureOf(await start(['capture', '--resume', out]).ended);
  expect(sentence).toBe(`process ${run.child.pid} still works on ${out}`);
  run.child.kill('SIGINT');
  await calm(run);
});

test('--resume of what is no case says so', async () => {
  expect(failureOf(await start(['capture', '--resume', root]).ended).sentence).toBe(`${root} is no case of a capture (it has no journal)`);
});
