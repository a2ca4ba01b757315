import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomLcg } from 'd3-random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Card } from '#schema/card';
import { Step } from '#schema/step';
import { assertBuilt, MAIN } from '../run-cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const KILLS = 10;
/** A killed run's server may take so long to end: its grace, and the watchdog's look around. */
const ENDS_WITHIN_MS = 15_000;
const root = mkdtempSync(join(tmpdir(), 'killed '));
/** Where the kills fall; another seed, other places. */
const SEED = Number(process.env['FORENSICS_SEED'] ?? 0.17);

beforeAll(assertBuilt);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A port that nobody listens on. */
const freePort = (): Promise<number> =>
  new Promise(done => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

interface Served {
  readonly file: string;
  readonly port: number;
}

/** A plan that starts one of two servers: one that is scripted, and one that computes. */
async function planned(name: 'mock' | 'computing'): Promise<Served> {
  const port = await freePort();
  const command =
    name === 'mock'
      ? [process.execPath, MAIN, 'mock', '--port', String(port)]
      : ['python3', 'workloads/openai_server.py', '--cpu', '--port', String(port), '--out', join(root, 'server')];
  const load = { urls: [`http://127.0.0.1:${port}/v1/completions`], rate: 15, duration: '2s', warm_up: '500ms', repeat: 2 };
  const plan = {
    name,
    server: { command, stop_within: 5 },
    load: { ...load, prompt_tokens: 'uniform:8-32', output_tokens: 8 },
    attempts: 1,
  };
  const file = join(root, `${name}.yaml`);
  writeFileSync(file, stringify(plan));
  return { file, port };
}

interface Going {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

function go(args: readonly string[]): Going {
  const child = spawn(process.execPath, [MAIN, 'run', ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return { child, ended: new Promise(done => child.once('close', code => done({ code, said }))) };
}

const isOpen = async (port: number): Promise<boolean> => {
  try {
    await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  }
};

/** Nothing of a run outlives it. */
async function untilClosed(port: number): Promise<boolean> {
  for (const end = performance.now() + ENDS_WITHIN_MS; performance.now() < end; await sleep(200)) if (!(await isOpen(port))) return true;
  return false;
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const doneSteps = (folder: string): Step[] =>
  existsSync(join(folder, 'steps'))
    ? readdirSync(join(folder, 'steps')).flatMap(name => {
        const step = Step.safeParse(JSON.parse(readFileSync(join(folder, 'steps', name), 'utf8')));
        return step.success && step.data.state === 'done' ? [step.data] : [];
      })
    : [];

/** All that a clock does not measure: what there is, of what, by which limits, and how many requests there were. */
function resultOf(folder: string) {
  const card = Card.parse(JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')));
  const results = JSON.parse(readFileSync(join(folder, 'load_test_results.json'), 'utf8'));
  const measured = (section: string) => section === 'incidents' || section === 'serving';
  const rows = card.sections.flatMap(s => s.rows.map(r => ({ ...r, figure: null, value: null, reason: '' })));
  return {
    steps: doneSteps(folder).map(step => step.step),
    files: (readdirSync(folder, { recursive: true }) as string[]).filter(f => !f.includes('charts')).sort(),
    rows: rows.filter(r => !measured(r.section) || r.what === 'answers'),
    figures: card.sections.flatMap(s => s.figures.map(f => [f.what, f.runs, f.source])),
    requests: [results.total_requests, results.completed_requests, results.tokens_generated],
  };
}

describe.each(['mock', 'computing'] as const)('a run of a plan with a server that is %s', name => {
  test(`is killed ${KILLS} times, and comes to the result of one that is not`, async () => {
    const { file, port } = await planned(name);
    const [whole, killed] = [join(root, `${name}-whole`), join(root, `${name}-killed`)];
    const begun = performance.now();
    const first = await go([file, '--out', whole]).ended;
    const took = performance.now() - begun;
    expect(first.code, first.said).toBe(0);
    expect(await untilClosed(port)).toBe(true);

    const chance = randomLcg(SEED);
    const kept = new Map<string, string>();
    let kills = 0;
    while (kills < KILLS) {
      const going = go([file, ...(existsSync(join(killed, 'steps')) ? ['--resume', killed] : ['--out', killed])]);
      const ends = await Promise.race([going.ended, sleep(chance() * took * 0.7)]);
      if (ends !== undefined) {
        expect(ends.code, ends.said).toBe(0);
        // It came to its end: the next kills meet one from the beginning.
        rmSync(killed, { recursive: true, force: true });
        rmSync(`${killed}.private`, { recursive: true, force: true });
        kept.clear();
        continue;
      }
      going.child.kill('SIGKILL');
      await going.ended;
      kills++;
      expect(await untilClosed(port), `its server lives on after kill ${kills}`).toBe(true);
      for (const { step, files } of doneSteps(killed))
        for (const { path, sha256 } of files) {
          expect(hashOf(join(killed, path)), `${path} of ${step} is as it was`).toBe(sha256);
          // What was measured once is not measured again.
          if (path.startsWith('loads/') && !path.includes('/report/')) expect(kept.get(path) ?? sha256).toBe(sha256);
          kept.set(path, sha256);
        }
    }
    const last = await go([file, existsSync(join(killed, 'steps')) ? '--resume' : '--out', killed]).ended;
    expect(last.code, last.said).toBe(0);
    expect(resultOf(killed)).toEqual(resultOf(whole));
    expect(await untilClosed(port)).toBe(true);
  });
});

test('Ctrl-C ends the server and what was begun, and the run goes on from there', async () => {
  const { file, port } = await planned('mock');
  const out = join(root, 'interrupted');
  const going = go([file, '--out', out]);
  while (!(await isOpen(port))) await sleep(50);
  await sleep(1500);
  going.child.kill('SIGINT');
  await going.ended;
  expect(going.child.signalCode).toBe('SIGINT');
  expect(await untilClosed(port)).toBe(true);
  const { code, said } = await go([file, '--resume', out]).ended;
  expect(code, said).toBe(0);
});
