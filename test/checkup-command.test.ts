import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { Checkup } from '#schema/checkup';
import { type Manners, pretendNvidiaSmi } from './pretend-nvidia-smi.ts';
import { pretendDocker, pretendSsh } from './pretend-ssh.ts';
import { failureOf, runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'checkup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let cases = 0;

const GUIDE = {
  PRETEND_PAUSE: '0.3',
  PRETEND_LINKS: '18',
  PRETEND_GPUS: '4',
  PRETEND_NAME: 'NVIDIA RTX 6000 Ada Generation',
  PRETEND_TOTAL: '49140',
};
const HEALTHY: Manners = { ...GUIDE, PRETEND_UTILIZATION: '89 87 88 89', PRETEND_MEMORY: '43008 43008 41984 43008' };
const ONLY_GPU_0: Manners = { ...GUIDE, PRETEND_UTILIZATION: '96 0 0 0', PRETEND_MEMORY: '43008 1024 1024 1024' };

/** A folder of pretended programs, and an environment in which they are found first. */
function machine(manners: Manners, log?: string) {
  const bin = join(root, `bin-${cases++}`);
  const env = pretendNvidiaSmi(bin, manners);
  pretendSsh(bin);
  pretendDocker(bin, log);
  return { bin, env };
}

let server: MockServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});
/** A server that gives a token every so many ms. */
async function serving(itl_ms: number, script: Partial<MockScript> = {}): Promise<string> {
  server = await startMock(MockScript.parse({ ttft_ms: 2, itl_ms, ...script }), 0, () => {});
  return `http://127.0.0.1:${server.port}`;
}
const checkup = async (args: readonly string[], env: NodeJS.ProcessEnv) => {
  const run = await runCli(['doctor', ...args, '--json'], env);
  return { code: run.code, ...Checkup.parse(JSON.parse(run.stdout)) };
};
const verdicts = ({ checks }: Checkup) => Object.fromEntries(checks.map(c => [c.check, c.verdict]));
const ids = ({ findings }: Checkup) => findings.map(f => f.id);

describe('doctor --quick', () => {
  test('calls a server healthy whose GPUs all work', async () => {
    const { env } = machine(HEALTHY);
    const url = await serving(2);
    const { code, stdout } = await runCli(['doctor', '--quick', '--url', url, '--for', '1', '--expect-rate', '1'], env);
    expect(stdout).toMatch(/^Nothing is wrong, as far as it was looked at: all 4 GPUs work \(active for 87 to 89 % of the time\)\./);
    expect(stdout).toMatch(/pass {2}memory: 4 GPUs hold 41 GiB to 42 GiB of 48\.0 GiB\./);
    expect(stdout).toMatch(/pass {2}throughput: prompts of 64 tokens, 1 request at a time: \d+ tokens a second/);
    expect(code).toBe(0);
  });
  test('names issue 1 of the guide: only GPU 0 is active', async () => {
    const { env } = machine(ONLY_GPU_0);
    const url = await serving(2);
    const { code, stdout } = await runCli(['doctor', '--quick', '--url', url, '--for', '1'], env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Something is wrong: GPUs stand idle while others serve: GPU 1: MiB in use 1,024, % active 0, and 2 more\./);
    expect(stdout).toContain('multi-GPU guide, issue 1: only GPU 0 is active');
    expect(stdout).toContain('--tensor-parallel-size');
  });
  test('names issue 2: slow although all are active', async () => {
    const { env } = machine({ ...HEALTHY, PRETEND_UTILIZATION: '60 58 61 60' });
    const seen = await checkup(['--quick', '--url', await serving(20), '--for', '1', '--expect-rate', '200'], env);
    expect([seen.code, verdicts(seen)]).toEqual([1, { memory: 'pass', throughput: 'fail', activity: 'pass' }]);
    expect(seen.findings[0]?.detail).toContain('issue 2');
    expect(seen.expected).toEqual({ tokens_per_s: 200, from: '--expect-rate', doubts: [] });
  });
  test('names issue 3: unbalanced memory', async () => {
    const { env } = machine({ ...HEALTHY, PRETEND_MEMORY: '43008 35840 41984 43008' });
    const seen = await checkup(['--quick', '--url', await serving(2), '--for', '1'], env);
    expect([ids(seen), seen.code]).toEqual([['machine-uneven-memory'], 1]);
    expect(seen.findings[0]?.title).toContain('GPU 1');
  });
  test('names issue 4: busy, and slow', async () => {
    const { env } = machine({ ...HEALTHY, PRETEND_UTILIZATION: '95 95 96 94' });
    const seen = await checkup(['--quick', '--url', await serving(20), '--for', '1', '--expect-rate', '200'], env);
    expect(ids(seen)).toEqual(['machine-busy-but-slow']);
    expect(seen.findings[0]?.advice).toContain('NCCL_P2P_DISABLE');
  });
  test("holds the guide's model on the guide's GPUs against the guide's table, and says where that contradicts itself", async () => {
    const { env } = machine({ ...HEALTHY, PRETEND_UTILIZATION: '60 58 61 60' });
    const args = ['--quick', '--url', await serving(21), '--for', '1', '--model', 'Qwen/Qwen2.5-Coder-32B-Instruct-AWQ'];
    const seen = await checkup(args, env);
    expect(seen.expected).toMatchObject({ tokens_per_s: 100, from: expect.stringContaining('Performance Benchmarks') });
    expect(seen.expected?.doubts[0]).toContain('47.6 tokens a second');
    expect(ids(seen)).toEqual(['machine-slow-server']);
  });
  test('without a server it says what that leaves open, and accuses nobody of idling', async () => {
    const { env } = machine({ ...HEALTHY, PRETEND_UTILIZATION: '0 0 0 0' });
    const seen = await checkup(['--quick', '--for', '0.2'], env);
    expect([seen.code, verdicts(seen)]).toEqual([0, { memory: 'pass', throughput: 'cannot-tell', activity: 'cannot-tell' }]);
    expect(seen.cannot_tell[0]).toContain('--url');
  });
  test('a server that refuses every request fails', async () => {
    const { env } = machine(HEALTHY);
    const seen = await checkup(['--quick', '--url', await serving(2, { error_rate: 1 }), '--for', '0.2'], env);
    expect([seen.code, verdicts(seen)['throughput']]).toEqual([1, 'fail']);
    expect(seen.checks.find(c => c.check === 'throughput')?.detail).toMatch(/\(0 answered, \d+ failed: \S/);
  });
});

describe('doctor --full', () => {
  test('looks at seven things, and shows the table of utilization as it grows', async () => {
    const { env } = machine(HEALTHY);
    const { code, stdout } = await runCli(['doctor', '--full', '--url', await serving(2), '--for', '1', '--expect-rate', '1'], env);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^Time {4} \| {2}GPU0 \| {2}GPU1 \| {2}GPU2 \| {2}GPU3 \| {3}Avg\n-+\+/);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d \| {3}89% \| {3}87% \| {3}88% \| {3}89% \| {3}88%$/m);
    for (const check of ['hardware', 'tensor parallelism', 'memory', 'communication (NCCL)', 'throughput', 'activity', 'configuration'])
      expect(stdout).toMatch(new RegExp(`^(pass|\\?   )  ${check.replace(/[()]/g, '\\$&')}: `, 'm'));
    expect(stdout).toContain('4 × NVIDIA RTX 6000 Ada Generation; joined: 1 pair by NV18');
    expect(stdout).toContain('prompts of 2,048 tokens');
    expect(stdout).toContain("What the server's log says: docker does not answer. Name a log with --log.");
  });
});

/** What nvidia-smi -q -x says, as far as it matters: each GPU with what it holds, MiB. */
const stateXml = (held: readonly number[]) =>
  `<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n<nvidia_smi_log>\n<driver_version>580.95.05</driver_version>\n<attached_gpus>${held.length}</attached_gpus>\n${held
    .map(
      (mib, i) =>
        `<gpu id="0000000${i}:00:00.0">\n<product_name>NVIDIA RTX 6000 Ada Generation</product_name>\n<minor_number>${i}</minor_number>\n<fb_memory_usage>\n<total>49140 MiB</total>\n<used>${mib} MiB</used>\n</fb_memory_usage>\n</gpu>`,
    )
    .join('\n')}\n</nvidia_smi_log>\n`;
const VLLM_LOG = readFileSync(resolve(import.meta.dirname, '../src/input/formats/vllm-log/sample.log'), 'utf8');

describe('doctor --full and what the server says', () => {
  test('reads the log of the server in its container: another size than there are GPUs, errors of NCCL, memory that ran out', async () => {
    const manners = { ...HEALTHY, PRETEND_UTILIZATION: '90 90 0 0', PRETEND_MEMORY: '43008 43008 3 3' };
    const { bin, env } = machine(manners, VLLM_LOG);
    writeFileSync(join(bin, 'state.xml'), stateXml([43008, 43008, 3, 3]));
    const url = await serving(2);
    const seen = await checkup(['--full', '--ssh', 'gpu-box', '--url', url, '--for', '1'], { ...env, PRETEND_ENV: 'NCCL_P2P_DISABLE=1' });
    expect(ids(seen)).toEqual(
      expect.arrayContaining(
        ['tensor-parallel-size', 'nccl-errors', 'out-of-memory', 'kv-cache-limit', 'nccl-p2p-disabled', 'idle-gpus'].map(
          id => `machine-${id}`,
        ),
      ),
    );
    const said = Object.fromEntries(seen.checks.map(c => [c.check, c]));
    expect(said['tensor-parallel']?.detail).toContain('The server runs with a size of 2 on 4 GPUs.');
    expect(said['configuration']?.detail).toContain('max_model_len 8192');
    expect([said['nccl']?.verdict, said['memory']?.verdict]).toEqual(['warn', 'fail']);
    expect(JSON.stringify(seen)).not.toMatch(/mallory|sk-planted|hf_secret|dgx-42/);
  });
});

describe('--ssh', () => {
  test('asks the other machine, and installs nothing there', async () => {
    const { bin, env } = machine(ONLY_GPU_0);
    const seen = await checkup(['--quick', '--ssh', 'root@gpu-box', '--url', await serving(2), '--for', '1'], env);
    expect([seen.asked, ids(seen)]).toEqual(['ssh', ['machine-idle-gpus']]);
    const asked = readFileSync(join(bin, 'ssh-asked'), 'utf8').trim().split('\n');
    for (const line of asked)
      expect(line).toMatch(/^-T -o BatchMode=yes -o ConnectTimeout=10 -- root@gpu-box TZ=UTC LC_ALL=C (timeout \d+ )?nvidia-smi /);
    expect(JSON.stringify(seen)).not.toContain('gpu-box');
  });
  test.each(['-oProxyCommand=touch /tmp/x', '-v', 'a b', 'a;b', ''])('refuses %j for a host', async host => {
    const { env } = machine(HEALTHY);
    expect(failureOf(await runCli(['doctor', '--quick', `--ssh=${host}`], env)).sentence).toContain('is no host for ssh');
  });
  test('says when the machine is not reached', async () => {
    const { env } = machine(HEALTHY);
    const { sentence } = failureOf(await runCli(['doctor', '--quick', '--ssh', 'away'], env));
    expect(sentence).toBe('the machine was not reached: ssh says "ssh: connect to host away port 22: Connection timed out"');
  });
});

test.each([
  ['both', ['--quick', '--full'], '--quick and --full are both there'],
  ['a server without a check', ['--url', 'http://localhost:1'], '--url is for --quick and --full'],
  ['a trace beside', ['--quick', 'trace.sqlite'], 'trace.sqlite was named beside --quick'],
  ['a log that is not there', ['--full', '--log', 'nowhere.log'], 'nowhere.log does not exist'],
  ['no GPU', ['--quick'], 'there is no GPU to look at here: nvidia-smi is not on PATH'],
  ['no server', ['--quick', '--url', 'ftp://x'], 'is not an http or https URL'],
])('refuses %s', async (what, args, sentence) => {
  const env = what === 'no GPU' ? { PATH: '/usr/bin:/bin' } : machine(HEALTHY).env;
  expect(failureOf(await runCli(['doctor', ...args], env)).sentence).toContain(sentence);
});
