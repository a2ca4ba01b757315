import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { System } from '#schema/system';
import { pretendNvidiaSmi } from '#test/pretend-nvidia-smi';
import { containerLimits, listCount } from './container.ts';
import { recordedEnvironment } from './environment.ts';
import { gpusIn } from './gpus.ts';
import { smallFiles } from './small-file.ts';
import { systemSnapshot } from './system-snapshot.ts';

const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let cases = 0;

function machineOf(files: Readonly<Record<string, string>>): string {
  const root = join(folder, `machine-${cases++}`);
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('a snapshot', () => {
  test('of a machine with GPUs is whole, and names neither it nor anyone', async () => {
    const bin = join(folder, 'bin');
    const env = {
      ...pretendNvidiaSmi(bin, { PRETEND_REFUSED: 'fabric.state' }),
      NCCL_DEBUG: 'INFO',
      HF_TOKEN: 'hf_secret',
      VLLM_API_KEY: 'sk-secret',
    };
    const snapshot = await systemSnapshot({ env, cwd: folder, nsysVersion: '2026.1.1' });
    expect(System.safeParse(snapshot).error).toBeUndefined();
    expect(snapshot).toMatchObject({
      driver_version: '580.159.04',
      cuda_version: '13.0',
      nsys: '2026.1.1',
      nvlink: [
        { gpu: 0, active: 2, inactive: 0, slowest_gb_s: 26.562 },
        { gpu: 1, active: 2, inactive: 0, slowest_gb_s: 26.562 },
      ],
      environment: { NCCL_DEBUG: 'INFO' },
    });
    expect(snapshot.gpus).toHaveLength(2);
    expect(snapshot.gpus?.[1]).toMatchObject({ index: 1, name: 'NVIDIA H200', power_limit_w: 700, fabric_state: null, pcie_gen_max: null });
    expect(snapshot.topology?.split('\n')[0]).toBe('\tGPU0\tGPU1\tCPU Affinity');
    const text = JSON.stringify(snapshot);
    expect(text).not.toMatch(/secret|GPU-0{8}|uuid|\\u001b/i);
    expect(text).not.toContain(`"${hostname()}"`);
  });

  test('of a machine without says each reason once', async () => {
    const root = machineOf({
      'proc/meminfo': 'MemTotal: 1000 kB\n',
      'proc/driver/nvidia/params': 'ResmanDebugLevel: 1\nRmProfilingAdminOnly: 1\n',
    });
    const snapshot = await systemSnapshot({ env: { PATH: root }, cwd: folder, root });
    expect(System.safeParse(snapshot).error).toBeUndefined();
    expect(snapshot).toMatchObject({
      gpus: null,
      topology: null,
      git: null,
      memory_total_kib: 1000,
      rm_profiling_admin_only: true,
      psi: false,
    });
    expect(snapshot.cpu).toEqual({ model: null, sockets: null, cores: null, threads: null, numa_nodes: null });
    expect(snapshot.missing).toEqual([
      'no GPUs: nvidia-smi is not on PATH',
      'no git commit: the folder is no git working tree, or git is not there',
      'no perf_event_paranoid: /proc/sys/kernel does not have it',
    ]);
  });
});

describe('GPUs', () => {
  test('may have a comma in their name and lack values', () => {
    const { gpus, driver } = gpusIn('0, Graphics, Device, [N/A], 580.1\nnonsense\n', ['index', 'name', 'power_limit_w', 'driver_version']);
    expect(gpus).toEqual([expect.objectContaining({ index: 0, name: 'Graphics, Device', power_limit_w: null, mig_mode: null })]);
    expect(driver).toBe('580.1');
  });
});

describe('the environment', () => {
  const identity = { hostname: 'node17', home: '/data/alice', user: 'alice' };
  const kept = (env: NodeJS.ProcessEnv) => recordedEnvironment(env, identity);

  test('is what sets how GPU programs run, sorted, and nothing else', () => {
    expect(
      kept({ PATH: '/bin', OMP_NUM_THREADS: '8', NCCL_P2P_LEVEL: 'NVL', CUDA_VISIBLE_DEVICES: '0,1', SHELL: 'x', XCUDA_A: 'y' }),
    ).toEqual({
      CUDA_VISIBLE_DEVICES: '0,1',
      NCCL_P2P_LEVEL: 'NVL',
      OMP_NUM_THREADS: '8',
    });
  });
  test.each([
    'VLLM_API_KEY',
    'NVIDIA_API_KEY',
    'TORCH_AUTH',
    'UCX_PASSWORD',
    'NCCL_COMM_ID',
    'VLLM_HOST_IP',
    'NVIDIA_PROXY',
    'VLLM_S3_SECRET',
    'vllm_token',
  ])('%s is left out', name => expect(kept({ [name]: 'x' })).toEqual({}));
  test('values name no home, no host, no user, no GPU and no address', () => {
    const values = {
      CUDA_HOME: '/data/alice/cuda',
      NCCL_CONF_FILE: '/home/bob/nccl.conf:/root/x',
      NCCL_TOPO_FILE: '/scratch/alice/node17/topo.xml',
      NCCL_SOCKET_IFNAME: 'eth0',
      NVIDIA_VISIBLE_DEVICES: 'GPU-5269b708-678a-b1a8-60f0-c90406537486',
      UCX_NET_DEVICES: 'mlx5_0:1,10.1.2.3',
    };
    expect(kept(values)).toEqual({
      CUDA_HOME: '~/cuda',
      NCCL_CONF_FILE: '~/nccl.conf:~/x',
      NCCL_SOCKET_IFNAME: 'eth0',
      NCCL_TOPO_FILE: '/scratch/…/…/topo.xml',
      NVIDIA_VISIBLE_DEVICES: 'GPU-…',
      UCX_NET_DEVICES: 'mlx5_0:1,…',
    });
  });
});

describe('limits of a container', () => {
  const limitsOf = (files: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) => {
    const root = machineOf(files);
    return containerLimits(root, smallFiles(root), env);
  };
  test('are read from cgroup v2', () => {
    const files = {
      '.dockerenv': '',
      'sys/fs/cgroup/cgroup.controllers': 'cpu memory',
      'sys/fs/cgroup/cpu.max': '250000 100000\n',
      'sys/fs/cgroup/cpuset.cpus.effective': '0-3,8\n',
      'sys/fs/cgroup/memory.max': '1073741824\n',
    };
    expect(limitsOf(files)).toEqual({
      dockerenv: true,
      kubernetes: false,
      cgroup: 'v2',
      cpu_quota: 2.5,
      cpuset_cpus: 5,
      memory_max_bytes: 2 ** 30,
    });
    expect(limitsOf({ ...files, 'sys/fs/cgroup/cpu.max': 'max 100000\n', 'sys/fs/cgroup/memory.max': 'max\n' })).toMatchObject({
      cpu_quota: null,
      memory_max_bytes: null,
    });
  });
  test('are read from cgroup v1', () => {
    const files = {
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpuset/cpuset.cpus': '0-1\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    };
    expect(limitsOf(files)).toMatchObject({ cgroup: 'v1', cpu_quota: null, cpuset_cpus: 2, memory_max_bytes: null });
    expect(limitsOf({ ...files, 'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n' })).toMatchObject({ cpu_quota: 0.5 });
  });
  test('Kubernetes is told by its variable, no container by neither', () => {
    expect(limitsOf({}, { KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toMatchObject({ kubernetes: true, cgroup: null });
  });
  test('a list that is none counts as unknown', () => {
    expect(listCount('')).toBeNull();
    expect(listCount('0')).toBe(1);
  });
});
