import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Certification } from '#schema/certification';
import { measured } from './measured-machine.ts';
import { pretendNvidiaSmi } from './pretend-nvidia-smi.ts';
import { pretendTorchrun } from './pretend-torchrun.ts';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const SAMPLES = join(SHARED, 'samples/validation');
const PHYS = join(SHARED, 'captures/phys');
sayWhatIsMissing('the certification of real results was', SAMPLES, PHYS);

const root = mkdtempSync(join(tmpdir(), 'certify-'));
beforeAll(() => assertBuilt(), 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What workloads/phys.py would leave of a machine. */
function physics(planted: Parameters<typeof measured>[0] = {}) {
  const rows = measured({ gpus: 2, ...planted });
  const gpu = (place: string | null) => Number(place?.slice('GPU '.length));
  const of = (what: string) => rows.filter(r => r.what === what);
  return {
    gpu_model: planted.model === undefined ? 'NVIDIA H200' : planted.model,
    gemm: of('matmul').map(r => ({ gpu: gpu(r.from), dtype: r.precision, m: 8192, n: 8192, k: 8192, ms: 1, tflops: r.value })),
    nccl: of('collective').map(r => ({
      op: r.test,
      ranks: 2,
      bytes: r.bytes,
      ms: r.time_us! / 1000,
      algbw_gbps: r.value,
      busbw_gbps: r.value,
    })),
    p2p: of('peer-copy').map(r => ({ src: gpu(r.from), dst: gpu(r.to), bytes: r.bytes, ms: r.time_us! / 1000, gbps: r.value })),
    p2p_access: true,
  };
}

function file(name: string, content: unknown): string {
  const path = join(root, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const certified = (folder: string) => Certification.parse(JSON.parse(readFileSync(join(folder, 'certification.json'), 'utf8')));

describe('forensics certify', () => {
  test('says in one sentence first that nothing is wrong, and ends with 0', async () => {
    const { stdout, code } = await runCli(['certify', file('healthy.json', physics())]);
    expect(stdout.split('\n')[0]).toMatch(
      /^Nothing is wrong with this machine, as far as it was tested: \d+ figures reach \d+ % or more of what is published, 1 check passed\.$/,
    );
    expect(code).toBe(0);
  });

  test('names the worst first, writes JSON and Markdown that agree, and ends with 1', async () => {
    const out = join(root, 'slow');
    const { stdout, code } = await runCli(['certify', file('slow.json', physics({ slowLinks: 2.2 })), '--out', out]);
    expect(code).toBe(1);
    const answer = stdout.split('\n')[0] ?? '';
    expect(answer).toMatch(
      /^This machine is not what it should be: all_reduce of 2 GPUs at \d+ GB\/s, \d+ % of 450 GB\/s, and 2 more things\.$/,
    );
    expect(certified(out)).toMatchObject({
      verdict: 'fail',
      answer,
      gpu_model: 'NVIDIA H200',
      inputs: [{ path: 'slow.json', format: 'forensics-physics' }],
    });
    expect(readFileSync(join(out, 'certification.md'), 'utf8')).toContain(`**${answer.replaceAll('>', '&gt;')}**`);
  });

  test('of a board that is not known nothing is certified: 2', async () => {
    const { stdout, code } = await runCli(['certify', file('unknown.json', physics({ model: 'NVIDIA H300' }))]);
    expect(stdout).toMatch(/^Nothing could be judged\. “NVIDIA H300” is not in the table of published peaks/);
    expect(code).toBe(2);
  });

  test('--json prints what --out holds, and nothing else', async () => {
    const { stdout } = await runCli(['certify', file('json.json', physics()), '--json', '--gpu', 'H200 SXM']);
    expect(Certification.parse(JSON.parse(stdout))).toMatchObject({ verdict: 'pass', gpu_model: 'H200 SXM' });
  });

  test('--history takes earlier certifications and results, each one run', async () => {
    const earlier = ['a', 'b', 'c', 'd'].map(n => file(`${n}.json`, physics()));
    await runCli(['certify', file('e.json', physics()), '--out', join(root, 'e')]);
    const now = file('now.json', physics({ slowGpu: { gpu: 0, by: 1.3 } }));
    const { stdout, code } = await runCli(['certify', now, '--json', '--history', ...earlier, join(root, 'e/certification.json')]);
    const { history } = Certification.parse(JSON.parse(stdout));
    expect(history[0]).toMatchObject({ subject: 'GPU 0', runs: 5, verdict: 'fail' });
    expect(history[0]?.reason).toMatch(/^−23\.\d %, below the usual range of 5 earlier runs\.$/);
    expect(code).toBe(1);
  });

  test('what cannot be used is refused in a sentence', async () => {
    const refused = async (...args: string[]) => failureOf(await runCli(['certify', ...args])).sentence;
    expect(await refused()).toBe('no file was named');
    expect(await refused('--run', 'x.json')).toContain('--run measures this machine');
    expect(await refused(file('ok.json', physics()), '--gpu', 'RTX 3090')).toBe('no peaks are known of “RTX 3090”');
    expect(await refused(join(root, 'nowhere'))).toContain('does not exist');
    expect(
      await refused(file('load.csv', 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read\n1,0,0,0,1,0\n')),
    ).toContain('holds no test of a machine');
    expect(
      await refused(file('bad.json', physics()), '--history', file('certification.json', '{"schema":"forensics.certification/1"}')),
    ).toContain('no certification as this version writes it');
  });
});

describe('forensics certify --run', () => {
  const bin = join(root, 'bin');
  const env = () => {
    mkdirSync(bin, { recursive: true });
    const own = pretendNvidiaSmi(bin);
    pretendTorchrun(bin, physics());
    return own;
  };

  test('measures all GPUs, samples them meanwhile, and certifies what it measured', async () => {
    const out = join(root, 'run');
    const { stdout, code } = await runCli(['certify', '--run', '--out', out], env());
    expect(stdout).toMatch(/^Nothing is wrong/);
    expect(code).toBe(0);
    expect(readFileSync(join(bin, 'torchrun.args'), 'utf8')).toMatch(/^--standalone --nproc-per-node gpu .*workloads\/phys\.py --out /);
    const { inputs, state } = certified(out);
    expect(inputs.map(i => i.format)).toEqual(['forensics-physics', 'nvidia-smi-csv', 'nvidia-smi-topo']);
    expect(state[0]).toMatchObject({ gpu: 0, sm_clock_mhz: [1980, 1980], temperature_c: 46, reasons: ['software power cap'] });
  });

  test('tests that fail are told with what they said', async () => {
    const run = await runCli(['certify', '--run', '--out', join(root, 'failed')], {
      ...env(),
      PRETEND_TORCH_ERROR: 'torch.OutOfMemoryError: CUDA out of memory.',
    });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('the tests ended with exit code 1: torch.OutOfMemoryError: CUDA out of memory.');
  });

  test('a machine without GPUs, and one without torchrun, is told in one sentence, and nothing is written', async () => {
    const out = join(root, 'none');
    const none = await runCli(['certify', '--run', '--out', out], { PATH: '/usr/bin:/bin' });
    expect(failureOf(none).sentence).toBe('there is no GPU to measure here: nvidia-smi is not on PATH');
    const smiAlone = join(root, 'smi');
    const { PATH = '' } = pretendNvidiaSmi(smiAlone);
    const withoutTorch = await runCli(['certify', '--run', '--out', out], { PATH: `${PATH.split(':')[0]}:/usr/bin:/bin` });
    expect(failureOf(withoutTorch).sentence).toBe('torchrun is not on PATH, and the tests are written in PyTorch');
    expect(existsSync(out)).toBe(false);
  });
});

describe.skipIf(!existsSync(SAMPLES))('real results', () => {
  const verdict = async (name: string, ...more: string[]) => {
    const { stdout } = await runCli(['certify', join(SAMPLES, name), '--json', ...more]);
    return Certification.parse(JSON.parse(stdout));
  };
  test.each([
    ['superbench_nccl_allreduce.log', 'nccl-tests'],
    ['superbench_nvbandwidth_results.log', 'nvbandwidth'],
    ['superbench_gpu_burn.log', 'gpu-burn'],
  ])('%s is read as %s, and accuses nobody', async (name, format) => {
    const c = await verdict(name);
    expect(c).toMatchObject({ verdict: 'pass', inputs: [{ format }], odd: [], failed_checks: [] });
    expect(c.figures.filter(f => f.verdict === 'fail' || f.verdict === 'warn')).toEqual([]);
  });
  test('gpu_copy of SuperBench names no GPU: with its model it passes, without it nothing is judged', async () => {
    expect((await verdict('superbench_gpu_copy_bw_performance.log')).verdict).toBe('not-judged');
    const c = await verdict('superbench_gpu_copy_bw_performance.log', '--gpu', 'A100 SXM 80 GB');
    expect(c.verdict).toBe('pass');
    expect(c.figures.find(f => f.subject === 'GPU 0 → GPU 1')).toMatchObject({ value: 279.287, peak: 300 });
  });
  test('the node that SuperBench found defective fails', async () => {
    const c = await verdict('superbench_diagnosis_summary.jsonl');
    expect(c.verdict).toBe('fail');
    expect(c.failed_checks[0]?.test).toBe('KernelLaunch');
  });
  test('the knee of the eight A100 lies between the sizes at which a person sees it', async () => {
    const [knee] = (await verdict('superbench_nccl_allreduce.log')).knees;
    expect(knee?.latency_us).toBeGreaterThan(34);
    expect(knee?.half_bytes).toBeGreaterThan(2 ** 21);
    expect(knee?.half_bytes).toBeLessThan(2 ** 23);
  });
});

test.skipIf(!existsSync(PHYS))('our two H200 pass: the model comes from the samples beside', async () => {
  const { stdout, code } = await runCli(['certify', join(PHYS, 'physics.json'), join(PHYS, 'gpu.csv'), '--json']);
  const c = Certification.parse(JSON.parse(stdout));
  expect(code).toBe(0);
  expect(c.gpu_model).toBe('NVIDIA H200');
  const shareOf = (what: string) => Math.max(...c.figures.filter(f => f.what === what).map(f => f.share ?? 0));
  expect(shareOf('matmul')).toBeCloseTo(0.82, 2);
  expect(shareOf('peer-copy')).toBeCloseTo(0.83, 2);
  expect(shareOf('collective')).toBeCloseTo(0.73, 2);
  expect(c.state.map(s => s.gpu)).toEqual([0, 1]);
});
