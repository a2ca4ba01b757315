import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOAD_GENERATOR } from '#app/paths';
import nativeRequests from '#input/formats/native-requests/importer';
import { type Handle, inProcess } from '#record/load-test/generator/generators';
import type { WorkerMessage } from '#record/load-test/generator/messages';
import { monotonicNs } from '#record/load-test/generator/monotonic';
import { WorkerPool } from '#record/load-test/generator/worker-pool';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { Load } from '#schema/load';
import { target } from './load-sample.ts';
import { assertBuilt, failureOf, MAIN, runCli } from './run-cli.ts';
import { THOROUGH } from './thorough.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'load command '));
let server: MockServer;
let url: string;

beforeAll(async () => {
  assertBuilt();
  server = await startMock(MockScript.parse({ ttft_ms: 5, itl_ms: 1 }), 0);
  url = `http://127.0.0.1:${server.port}/v1/completions`;
}, PATIENCE);
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/** In a process of its own, to be sent signals. */
const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
const text = (child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
    });
  return new Promise(done => child.once('close', code => done({ code, ...said })));
};
const logOf = (folder: string) => nativeRequests.parse(readFileSync(join(folder, 'requests.jsonl'), 'utf8'), 'requests.jsonl');
const until = async (condition: () => boolean) => {
  for (let i = 0; i < 600 && !condition(); i++) await new Promise(done => setTimeout(done, 50));
};
const SMALL = ['--prompt-tokens', '8', '--output-tokens', '3'];

/** What takes seconds of load. */
const inCi = test.skipIf(!THOROUGH);
if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: loads that take seconds. ***\n');

describe('forensics load', () => {
  test(
    'by two generators writes a log that the importer reads, and its numbers, and nothing else',
    async () => {
      const out = join(root, 'two');
      const { stdout, code } = await runCli([
        'load',
        url,
        '--rate',
        '100',
        '--requests',
        '60',
        '--generators',
        '2',
        ...SMALL,
        '--out',
        out,
        '--json',
      ]);
      const load = Load.parse(JSON.parse(stdout));
      expect(JSON.parse(readFileSync(join(out, 'load.json'), 'utf8'))).toEqual(load);
      expect(load).toMatchObject({
        loop: 'open',
        generators: 2,
        model: 'mock',
        ended_by: 'schedule',
        arrivals: 'poisson',
        rate_per_s: 100,
      });
      expect(load.stages[0]?.requests).toMatchObject({ intended: 60, sent: 60, ok: 60 });
      // Late generators are no failure of this test, on whatever machine it runs.
      expect(code).toBe(load.stages[0]?.schedule?.kept ? 0 : 3);
      expect(readdirSync(out).toSorted()).toEqual(['load.json', 'requests.jsonl']);
      const series = logOf(out);
      expect(series).toMatchObject({ clock: { kind: 'epoch' }, rows: { length: 60 } });
      expect(
        series.rows.every(r => r.status === 'ok' && r.intended_ms !== null && r.intended_ms <= r.arrival_ms! && r.itl_ms?.length === 2),
      ).toBe(true);
      expect(series.limits).toEqual([expect.stringContaining('scheduled_ns')]);
    },
    PATIENCE,
  );
  inCi(
    'replays the log of another run: the same times, the same lengths',
    async () => {
      const out = join(root, 'again');
      await runCli(['load', url, '--arrivals', `trace:${join(root, 'two/requests.jsonl')}`, '--out', out]);
      const offsets = (folder: string) => {
        const at = logOf(folder)
          .rows.map(r => r.intended_ms ?? 0)
          .toSorted((a, b) => a - b);
        return at.map(t => Math.round((t - at[0]!) * 10));
      };
      expect(offsets(out)).toEqual(offsets(join(root, 'two')));
      expect(logOf(out).rows.every(r => r.output_tokens === 3 && r.prompt_tokens === 8)).toBe(true);
    },
    PATIENCE,
  );
  test(
    'interrupted, keeps what there is and exits as a shell says it',
    async () => {
      const out = join(root, 'interrupted');
      const child = start(['load', url, '--rate', '50', '--duration', '60', ...SMALL, '--out', out]);
      const ended = text(child);
      await until(() => existsSync(join(out, 'requests.jsonl.part')) && readFileSync(join(out, 'requests.jsonl.part')).length > 0);
      child.kill('SIGINT');
      expect((await ended).code).toBe(130);
      const load = Load.parse(JSON.parse(readFileSync(join(out, 'load.json'), 'utf8')));
      expect(load.ended_by).toBe('SIGINT');
      expect(load.stages[0]!.requests.ok).toBeGreaterThan(0);
      expect(logOf(out).rows).toHaveLength(load.stages[0]!.requests.sent);
    },
    PATIENCE,
  );
  inCi(
    'killed, leaves what had ended by then in a file that the importer reads',
    async () => {
      const out = join(root, 'killed');
      const part = join(out, 'requests.jsonl.part');
      const child = start(['load', url, '--rate', '50', '--duration', '60', ...SMALL, '--out', out]);
      const ended = text(child);
      await until(() => existsSync(part) && readFileSync(part).length > 0);
      child.kill('SIGKILL');
      await ended;
      expect(nativeRequests.parse(readFileSync(part, 'utf8'), 'part').rows.length).toBeGreaterThan(0);
      expect(existsSync(join(out, 'requests.jsonl'))).toBe(false);
    },
    PATIENCE,
  );
  test(
    'a key from the environment is sent, and written nowhere',
    async () => {
      const keepFailure = await startMock(MockScript.parse({ ttft_ms: 1, itl_ms: 1, wants_key: true }), 0);
      const out = join(root, 'key');
      const args = [
        'load',
        `http://127.0.0.1:${keepFailure.port}/v1/chat/completions`,
        '--rate',
        '50',
        '--requests',
        '3',
        ...SMALL,
        '--out',
        out,
      ];
      const refused = await runCli(args);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('--api-key-env');
      const { stdout, stderr } = await runCli([...args, '--api-key-env', 'SESAME'], { SESAME: 'sk-open-sesame' });
      await keepFailure.close();
      expect(stdout).toContain('3 sent: 3 ok');
      const written = readdirSync(out).map(file => readFileSync(join(out, file), 'utf8'));
      expect([stdout, stderr, ...written].join()).not.toContain('sesame');
    },
    PATIENCE,
  );
  test(
    'a server that refuses everything: exits with 4',
    async () => {
      const broken = await startMock(MockScript.parse({ error_rate: 1 }), 0);
      const { code, stdout, stderr } = await runCli([
        'load',
        `http://127.0.0.1:${broken.port}/x`,
        '--rate',
        '50',
        '--requests',
        '5',
        '--out',
        join(root, 'broken'),
      ]);
      await broken.close();
      expect(`${stdout}${stderr}`).toContain('5 failed (5 HTTP 503)');
      expect(code).toBe(4);
    },
    PATIENCE,
  );
  inCi(
    'closed loop: a table with a line for each concurrency',
    async () => {
      const { stdout, code } = await runCli(['load', url, '--sweep', '1-4', '--duration', '300ms', ...SMALL, '--out', join(root, 'sweep')]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/│ +1 │.*│ +2 │.*│ +4 │/s);
      expect(stdout).toContain('p99 is a lower bound');
    },
    PATIENCE,
  );
  test.each([
    ['neither rate nor concurrency', [], '--rate'],
    ['a rate and a concurrency', ['--rate', '5', '--concurrency', '4'], 'closed loop'],
    ['a trace that is not there', ['--arrivals', 'trace:nowhere.jsonl'], 'nowhere.jsonl'],
    ['a body for a model', ['--rate', '5', '--body', 'x'], 'plain HTTP'],
    ['a key that is not set', ['--rate', '5', '--api-key-env', 'NO_SUCH_KEY'], 'NO_SUCH_KEY'],
    ['fields that are no object', ['--rate', '5', '--extra', '[]'], '--extra'],
  ])('%s is refused in a sentence', async (_, args, word) => {
    const { sentence, hint } = failureOf(await runCli(['load', url, ...args, '--out', join(root, 'never')]));
    expect(`${sentence} ${hint}`).toContain(word);
    expect(existsSync(join(root, 'never'))).toBe(false);
  });
  test('a server that is not there is said before anything is written', async () => {
    const { sentence } = failureOf(
      await runCli(['load', 'http://127.0.0.1:9/v1/completions', '--model', 'm', '--rate', '5', '--out', join(root, 'never')]),
    );
    expect(sentence).toContain('connection refused');
    expect(existsSync(join(root, 'never'))).toBe(false);
  });
});

describe('a generator that dies', () => {
  inCi(
    'has its requests counted as unfinished, and the others go on',
    async () => {
      const generators: { handle: Handle; died: (why: string) => void }[] = [];
      let begun: () => void = () => {};
      const firstOfDoomed = new Promise<void>(resolve => {
        begun = resolve;
      });
      const pool = new WorkerPool(
        2,
        { target: target(server.port), seed: 1 },
        (equipment, hear: (message: WorkerMessage) => void, died) => {
          const handle = inProcess(LOAD_GENERATOR)(equipment, hear, died);
          generators.push({ handle, died });
          return handle;
        },
        outcome => {
          if (outcome.index % 2 === 0) begun();
        },
      );
      await pool.ready();
      const n = 100;
      const running = pool.run(start => ({
        loop: 'open',
        stage: '',
        start,
        index: Uint32Array.from({ length: n }, (_, i) => i),
        due: Float64Array.from({ length: n }, (_, i) => i / 50),
        promptTokens: new Uint32Array(n).fill(4),
        outputTokens: new Uint32Array(n).fill(2),
        warmUp: 0,
        limits: { timeout: 30, drain: 30 },
      }));
      await firstOfDoomed;
      await generators[0]!.handle.end();
      const before = monotonicNs();
      generators[0]!.died('it was killed');
      const after = monotonicNs();
      const { start, outcomes } = await running;
      await pool.close();
      const of = (generator: number) => outcomes.filter(o => o.index % 2 === generator);
      expect(of(1)).toHaveLength(50);
      expect(of(1).every(o => o.status === 'ok')).toBe(true);
      // All that was due by its death is accounted for, and nothing that came after.
      const dueBy = (at: number) => Array.from({ length: n / 2 }, (_, i) => start + ((2 * i) / 50) * 1e9).filter(due => due <= at).length;
      expect(of(0).length).toBeGreaterThanOrEqual(dueBy(before));
      expect(of(0).length).toBeLessThanOrEqual(dueBy(after));
      expect(of(0).some(o => o.status === 'ok')).toBe(true);
      for (const o of of(0).filter(one => one.status !== 'ok')) expect(o.why).toBe('its generator died');
      expect(new Set(outcomes.map(o => o.index)).size).toBe(outcomes.length);
    },
    PATIENCE,
  );
});

describe('forensics mock', () => {
  test(
    'says where it is, serves, and writes when it sent what',
    async () => {
      const script = join(root, 'script.json');
      const log = join(root, 'sent.jsonl');
      writeFileSync(script, '{"ttft_ms": 3, "itl_ms": 2, "tokens": 4}');
      const child = start(['mock', script, '--port', '0', '--log', log]);
      const ended = text(child);
      const at = await new Promise<string>(done => child.stdout?.once('data', chunk => done(String(chunk).trim())));
      const body = JSON.stringify({ model: 'm', prompt: 'a b', stream: true });
      const answer = await fetch(`${at}/v1/completions`, { method: 'POST', body, headers: { 'x-request-id': 'one' } });
      expect((await answer.text()).match(/ word/g)).toHaveLength(4);
      child.kill('SIGTERM');
      expect((await ended).code).toBe(0);
      const line = readFileSync(log, 'utf8').replace(/\b\d{19}\b/g, '"$&"');
      const { id, received_ns, due_ns, sent_ns, outcome } = JSON.parse(line);
      expect([id, outcome, sent_ns.length]).toEqual(['one', 'served', 4]);
      expect(due_ns.map((due: string) => Number(BigInt(due) - BigInt(received_ns)))).toEqual([3e6, 5e6, 7e6, 9e6]);
      sent_ns.forEach((sent: string, i: number) => {
        expect(BigInt(sent)).toBeGreaterThanOrEqual(BigInt(due_ns[i]));
      });
    },
    PATIENCE,
  );
  test.each([
    ['a word it does not know', '{"ttft": 5}', 'there is no field ttft'],
    ['a time that is none', '{"ttft_ms": "soon"}', 'at ttft_ms: it must be a number'],
    ['no JSON', '{', 'not valid JSON'],
  ])('refuses a script with %s', async (_, content, word) => {
    const script = join(root, 'wrong.json');
    writeFileSync(script, content);
    expect(failureOf(await runCli(['mock', script, '--port', '0'])).sentence).toContain(word);
  });
});
