import { expect, test } from 'vitest';
import { until } from './end.ts';
import { run } from './run.ts';
import { isRunning } from './tagged-processes.ts';

const sh = (script: string, seconds = 20) => run('sh', ['-c', script], { seconds });

test('what a command prints is its answer, with its exit code', async () => {
  expect(await sh('echo out; echo err >&2; exit 3')).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n', late: false });
});

test('a program that is missing is an answer too', async () => {
  expect(await run('/no/such/program', [], { seconds: 5 })).toEqual({ code: undefined, stdout: '', stderr: '', late: false });
});

test('one that a signal ended has no exit code', async () =>
  expect(await sh('kill -9 $$')).toMatchObject({ code: undefined, late: false }));

test('one that runs past its limit is killed with its children, and what it said is kept', async () => {
  const answer = await sh('sleep 60 & echo $!; wait', 0.5);
  expect(answer).toMatchObject({ code: undefined, late: true });
  expect(await until(() => !isRunning(Number(answer.stdout)), 5)).toBe(true);
});

test('a daemon that holds the pipes does not hold up the answer', async () => {
  const { code, stdout } = await sh('setsid sleep 60 & echo $!; exit 0');
  expect(code).toBe(0);
  const daemon = Number(stdout);
  expect(isRunning(daemon)).toBe(true);
  process.kill(daemon, 'SIGKILL');
});

test('a flood is cut off, not kept', async () => {
  const { stdout, code } = await sh('yes | head -c 20000000');
  expect(code).toBe(0);
  expect(stdout.length).toBeLessThan(9 * 2 ** 20);
});
