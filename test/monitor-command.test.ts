import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import hostCsv from '#input/formats/host-csv/importer';
import { importers } from '#input/formats/index.gen';
import nvidiaSmiCsv from '#input/formats/nvidia-smi-csv/importer';
import { recognise } from '#input/formats/recognise';
import { Monitor } from '#schema/monitor';
import { System } from '#schema/system';
import { pretendNvidiaSmi } from './pretend-nvidia-smi.ts';
import { assertBuilt, failureOf, MAIN, runCli } from './run-cli.ts';
import { some } from './thorough.ts';

const root = mkdtempSync(join(tmpdir(), 'monitor-'));
const env = pretendNvidiaSmi(join(root, 'bin'));
const withoutSmi = { PATH: '/usr/bin:/bin' };

beforeAll(() => assertBuilt(), 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const textIn = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');
const monitorIn = (folder: string) => Monitor.parse(JSON.parse(textIn(folder, 'monitor.json')));

/** Starts the command as a shell would, and waits until it samples. */
async function started(out: string) {
  const child = spawn(process.execPath, [MAIN, 'monitor', '--out', out], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  let stdout = '';
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>(done =>
    child.on('close', (code, signal) => done({ code, signal })),
  );
  for (let i = 0; i < 400 && !stderr.includes('until Ctrl-C'); i++) await sleep(25);
  return { child, ended, stderr: () => stderr, stdout: () => stdout };
}

/** Processes that our pretended nvidia-smi runs in. */
const left = () =>
  readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(root, 'bin/nvidia-smi'));
    } catch {
      return false;
    }
  });
async function noneLeft(): Promise<boolean> {
  for (let i = 0; i < 200 && left().length > 0; i++) await sleep(25);
  return left().length === 0;
}

describe('forensics monitor', () => {
  test('writes files that analyze reads, and says what it did in monitor.json', async () => {
    const out = join(root, 'run');
    const { code, stdout, stderr } = await runCli(['monitor', '--duration', '0.4', '--gpu-interval', '50', '--out', out], env);
    expect(stderr).toMatch(/looking at this machine[\s\S]*sampling gpu, nvlink.*host into .* for 0\.4 s/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Wrote gpu\.csv \(\d+\), nvlink\.csv \(8\),.* host\.csv \(\d+\), system\.json, monitor\.json to .*run\n$/);
    expect(hostCsv.parse(textIn(out, 'host.csv'), 'host.csv').warnings).toEqual([]);
    const monitor = monitorIn(out);
    expect(monitor.ended_by).toBe('duration');
    expect(monitor.samplers.map(s => s.sampler)).toEqual(['gpu', 'nvlink', 'xid', 'host']);
    // How many there are in that time is the machine's business.
    const { rows } = nvidiaSmiCsv.parse(textIn(out, 'gpu.csv'), 'gpu.csv');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toHaveLength(monitor.samplers[0]!.samples);
    for (const { start, end } of monitor.samplers) expect(BigInt(end.monotonic_ns)).toBeGreaterThan(BigInt(start.monotonic_ns));
    expect(System.parse(JSON.parse(textIn(out, 'system.json'))).gpus).toHaveLength(2);
    const known = readdirSync(out).flatMap(file => recognise(textIn(out, file), importers)?.kind ?? []);
    expect(known).toEqual(['gpu', 'host']);
  });

  test('samples the host where there is no nvidia-smi, and says so; prints monitor.json alone with --json', async () => {
    const out = join(root, 'json');
    const { code, stdout, stderr } = await runCli(['monitor', '--duration', '0.1', '--json', '--out', out], withoutSmi);
    expect(code).toBe(0);
    expect(stdout).toBe(textIn(out, 'monitor.json'));
    expect(stderr).toContain('gpu: nvidia-smi is not on PATH: no GPU samples');
    expect(monitorIn(out).samplers.find(s => s.sampler === 'gpu')).toMatchObject({ file: null, samples: 0 });
  });

  test.each(some(['SIGINT', 'SIGTERM'] as const, 2, 'signals that end monitor'))(
    'ends in order at %s, with all that was collected',
    async signal => {
      const out = join(root, signal);
      const { child, ended, stdout } = await started(out);
      expect(left()).not.toEqual([]);
      child.kill(signal);
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(stdout()).toContain('monitor.json');
      expect(monitorIn(out).ended_by).toBe(signal);
      expect(left()).toEqual([]);
    },
  );

  test('ends at once at the second Ctrl-C, and leaves no process behind', async () => {
    const { child, ended } = await started(join(root, 'twice'));
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(['SIGINT', 'SIGTERM']).toContain((await ended).signal);
    expect(await noneLeft()).toBe(true);
  });

  test('leaves no process behind when it is killed', async () => {
    const out = join(root, 'killed');
    const { child, ended } = await started(out);
    expect(left()).not.toEqual([]);
    child.kill('SIGKILL');
    await ended;
    expect(await noneLeft()).toBe(true);
    expect(nvidiaSmiCsv.parse(textIn(out, 'gpu.csv'), 'gpu.csv').rows.length).toBeGreaterThan(0);
    expect(existsSync(join(out, 'monitor.json'))).toBe(false);
  });

  test('exits with 2 where nothing can be sampled', async () => {
    const run = await runCli(['monitor', '--no-host', '--out', join(root, 'nothing')], withoutSmi);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('error nothing could be sampled: nvidia-smi is not on PATH: no GPU samples');
    expect(monitorIn(join(root, 'nothing')).ended_by).toBe('failure');
  });

  test('ends by itself when the last sampler has died', async () => {
    const out = join(root, 'dies');
    const { code } = await runCli(['monitor', '--no-host', '--out', out], { ...env, PRETEND_LOOPS: '4' });
    expect(code).toBe(0);
    expect(monitorIn(out)).toMatchObject({ ended_by: 'failure', samplers: [{ samples: 8 }, {}, {}] });
  });

  test('refuses a folder that holds something', async () => {
    const out = join(root, 'taken');
    mkdirSync(out);
    writeFileSync(join(out, 'gpu.csv'), '');
    expect(failureOf(await runCli(['monitor', '--out', out], withoutSmi)).sentence).toContain('is there already, and not empty');
    expect(readdirSync(out)).toEqual(['gpu.csv']);
  });
});
