import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StoragePlan } from '#schema/storage-plan';
import { StorageCounters, StorageMarker, StorageRun, StorageStepResult } from '#schema/storage-step';
import { MAIN } from '../run-cli.ts';

const PAGING_SERVER = resolve(import.meta.dirname, '../../workloads/paging_server.py');
const ADAPTER_MIB = 2;

const freePort = (): Promise<number> =>
  new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** A folder with sixteen adapters, and a config of all hypotheses whose steps take a second. */
export async function workplace(wish: Record<string, unknown> = {}): Promise<{ readonly folder: string; readonly config: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'storage '));
  execFileSync('python3', [PAGING_SERVER, 'lay', join(folder, 'adapters'), '--count', '16', '--mib', String(ADAPTER_MIB)]);
  const [plain, lora] = [await freePort(), await freePort()];
  const serve = (port: number, ...more: string[]) => [
    'python3',
    PAGING_SERVER,
    'serve',
    '--port',
    String(port),
    '--token-ms',
    '2',
    ...more,
  ];
  const common = { prompts: 'short', duration_s: 0.6, warm_up_s: 0.2 };
  const config = {
    schema: 'forensics.storage-config/1',
    seed: 7,
    models: {
      tiny: {
        kv_bytes_per_token: 4096,
        baseline: {
          api: 'completions',
          url: `http://127.0.0.1:${plain}/v1/completions`,
          start: serve(plain, '--kv-mib', '16', '--cache-mib', '4'),
        },
        adapters: {
          api: 'triton',
          url: `http://127.0.0.1:${lora}/v2/models/base/generate_stream`,
          start: serve(lora, '--without', 'paging', '--adapters', 'adapters'),
        },
      },
    },
    prompts: { short: { prompt_tokens: 32, output_tokens: 4 }, long: { prompt_tokens: 320, output_tokens: 4 } },
    adapters: { '4': { file: 'adapters/lora_list_4.txt' }, '16': { file: 'adapters/lora_list_16.txt' } },
    contention: { folder: '.', size_mib: 32, levels: { heavy: { iodepth: 8, rate_iops: 200 } } },
    hypotheses: {
      h0: { ...common, concurrency: [1, 4] },
      h1: { prompts: 'short', adapters: '4' },
      h2: { ...common, prompts: ['short', 'long'], load: { concurrency: 4 } },
      h4: { ...common, load: { rate_per_s: 20 }, contention: ['none', 'heavy'] },
      h5: { ...common, load: { concurrency: 4 }, adapters: ['4', '16'] },
      h6: { ...common, load: { concurrency: 4 }, adapters: '16' },
    },
    repeats: 1,
    quiescence: { idle_s: 0 },
    ...wish,
  };
  const file = join(folder, 'storage.json');
  writeFileSync(file, JSON.stringify(config, null, 2));
  return { folder, config: file };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `forensics storage run` in a process of its own. @param killAfterMs it is killed then, as by a crash */
export function run(
  config: string,
  out: string,
  options: { readonly killAfterMs?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, 'storage', 'run', config, '--out', out], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const timer = options.killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.killAfterMs);
  return new Promise(done =>
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, ...said });
    }),
  );
}

const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

/** What lies in the folder of an experiment, held against the schemas. */
export const planIn = (out: string): StoragePlan => StoragePlan.parse(json(out, 'plan.json'));
export const runIn = (out: string): StorageRun => StorageRun.parse(json(out, 'run.json'));
export const stepIn = (out: string, id: string): StorageStepResult => StorageStepResult.parse(json(out, 'steps', id, 'step.json'));
export const countersIn = (out: string, id: string): StorageCounters => StorageCounters.parse(json(out, 'steps', id, 'counters.json'));
export const markersIn = (out: string): StorageMarker[] =>
  readFileSync(join(out, 'markers.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line !== '' && isWhole(line))
    .map(line => StorageMarker.parse(JSON.parse(line)));

/** A line that a kill cut off is none. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Processes whose command line names a path. */
export const processesOf = (path: string): string[] =>
  readdirSync('/proc').flatMap(pid => {
    try {
      const command = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return command.includes(path) ? [`${pid} ${command.replaceAll('\0', ' ')}`] : [];
    } catch {
      return [];
    }
  });
