import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import {
  type Capture,
  capture,
  caseIn,
  cpu,
  type Ended,
  filesBelow,
  HAS_NSYS,
  kill,
  leftOver,
  newRoot,
  partsOf,
  processesOf,
  type Role,
  start,
} from './harness.ts';

const RUNS = Number(process.env['FORENSICS_KILLS'] ?? 50);
const AT_ONCE = 3;
const seed = Number(process.env['FORENSICS_SEED'] ?? Date.now() % 1_000_000);

const root = newRoot();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** mulberry32 (public domain). */
function generator(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One run's fate, drawn before any run begins, so that a seed means the same whatever the machine does. */
interface Fate {
  readonly n: number;
  /** When, as a share of an undisturbed run. */
  readonly at: number;
  readonly signal: NodeJS.Signals;
  /** Who dies: the first of these that is alive at that moment. */
  readonly order: readonly Role[];
  /** The last of its kind, or the first. */
  readonly last: boolean;
}
const TARGETS: readonly Role[] = ['forensics', 'nsys', 'agent', 'workload', 'watchdog'];
function fates(): Fate[] {
  const random = generator(seed);
  return Array.from({ length: RUNS }, (_, n) => {
    const at = random();
    const chance = random();
    const order = TARGETS.map(role => ({ role, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(t => t.role);
    return { n, at, last: random() < 0.5, signal: chance < 0.7 ? 'SIGKILL' : chance < 0.85 ? 'SIGTERM' : 'SIGINT', order };
  });
}

const STACK = /^\s+at |This is a bug|Unhandled|node:internal/m;

/** What is wrong with a case that nobody works on any more; nothing, if all is well. */
async function verdict(run: Capture, end: Ended, targeted: boolean): Promise<string[]> {
  const wrong: string[] = [];
  if (STACK.test(end.stderr)) wrong.push(`a stack trace:\n${end.stderr}`);
  if (!targeted && ![0, 3, 4].includes(end.code ?? -1)) wrong.push(`exit code ${end.code ?? end.signal}:\n${end.stderr}`);
  if (filesBelow(run.out).length === 0) return wrong;
  if (!existsSync(join(run.out, 'case.json'))) {
    const resumed = start(['capture', '--resume', run.out], { out: run.out });
    const { code, stdout, stderr } = await resumed.ended;
    if (STACK.test(stderr)) wrong.push(`a stack trace of --resume:\n${stderr}`);
    const errors = stderr.split('\n').filter(l => l.startsWith('error '));
    if (code === 2) {
      if (errors.length !== 1 || stdout !== '') wrong.push(`--resume does not say in one sentence why not:\n${stdout}${stderr}`);
      if (existsSync(join(run.out, 'case.json'))) wrong.push('--resume failed, and left a case.json');
    } else if (![0, 3, 4].includes(code ?? -1)) wrong.push(`--resume: exit code ${code}\n${stderr}`);
    else if (!existsSync(join(run.out, 'case.json'))) wrong.push(`--resume left no case.json:\n${stderr}`);
    const left = await leftOver(resumed.tag, 5);
    if (left.length > 0) wrong.push(`--resume left ${JSON.stringify(left)}`);
  }
  if (existsSync(join(run.out, 'case.json')))
    try {
      caseIn(run.out);
    } catch (error) {
      wrong.push(`case.json is not valid: ${String(error)}`);
    }
  const parts = partsOf(run.out);
  if (parts.length > 0) wrong.push(`left: ${parts.join(', ')}`);
  return wrong;
}

const begin = (out: string) =>
  capture(
    out,
    ['--delay', '1', '--duration', '1.5', '--stop-workload', '--nsys-timeout', '5', '--stop-grace', '3'],
    cpu('--seconds', '20', '--fault', 'sleep'),
  );

/** How long the fastest takes when nobody dies, with as many others at once. */
async function undisturbed(): Promise<number> {
  const begun = Date.now();
  let first = 0;
  const ends = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      const end = await begin(join(root, `undisturbed-${i}`)).ended;
      first ||= Date.now();
      return end;
    }),
  );
  // Where the machine is slow, the window may pass before the first request.
  for (const end of ends) expect([0, 3], end.stdout + end.stderr).toContain(end.code);
  return first - begun;
}

async function oneRun({ n, at, signal, order, last }: Fate, lengthMs: number): Promise<string | undefined> {
  const atMs = Math.round(at * lengthMs);
  const out = join(root, `run-${n}`);
  const run = begin(out);
  const begun = Date.now();
  await sleep(atMs);
  const alive = processesOf(run.tag);
  const role = order.find(r => alive.some(p => p.role === r));
  const victim = alive.filter(p => p.role === role).at(last ? -1 : 0);
  if (victim !== undefined) kill(victim.pid, signal);
  const what = `run ${n}: ${signal} to ${victim === undefined ? 'nobody' : `${victim.role} (${victim.command})`} at ${atMs} ms`;
  const slow = await Promise.race([run.ended, sleep(90_000, undefined, { ref: false })]);
  const wrong: string[] = [];
  if (slow === undefined) {
    wrong.push(`forensics did not end within 90 s:\n${run.stderr()}\n${JSON.stringify(processesOf(run.tag))}`);
    for (const p of processesOf(run.tag)) kill(p.pid, 'SIGKILL');
  }
  const end = await run.ended;
  const left = await leftOver(run.tag, 70);
  if (left.length > 0) {
    wrong.push(`left running: ${JSON.stringify(left)}`);
    for (const p of left) kill(p.pid, 'SIGKILL');
  }
  wrong.push(...(await verdict(run, end, victim?.role === 'forensics')));
  process.stderr.write(`${what}; ended with ${end.code ?? end.signal}, all over after ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  if (wrong.length === 0) rmSync(out, { recursive: true, force: true });
  return wrong.length === 0 ? undefined : `${what}\n${wrong.join('\n')}`;
}

test.skipIf(!HAS_NSYS)(
  `${RUNS} captures in which somebody dies at a random moment leave a case or a clear statement, and no process`,
  async () => {
    process.stderr.write(`FORENSICS_SEED=${seed}\n`);
    const lengthMs = await undisturbed();
    process.stderr.write(`an undisturbed run takes ${(lengthMs / 1000).toFixed(1)} s\n`);
    const waiting = fates();
    const failures: string[] = [];
    const work = async () => {
      for (let fate = waiting.shift(); fate !== undefined; fate = waiting.shift()) {
        const failure = await oneRun(fate, lengthMs);
        if (failure !== undefined) failures.push(failure);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(failures, `FORENSICS_SEED=${seed}`).toEqual([]);
  },
  900_000,
);
