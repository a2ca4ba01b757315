import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { askSoftware } from './ask-software.ts';

const root = mkdtempSync(join(tmpdir(), 'ask-software-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const hasPython = (): boolean => {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
};

/** Packages as pip leaves them; the code of PyTorch fails where it is imported. */
const PACKAGES = {
  'torch-2.9.0+cu128.dist-info/METADATA':
    'Metadata-Version: 2.1\nName: torch\nVersion: 2.9.0+cu128\nRequires-Dist: nvidia-nccl-cu12==2.27.5; platform_system == "Linux"\n',
  'torch/__init__.py': 'raise RuntimeError("imported")\n',
  'torch/version.py': "__version__ = '2.9.0+cu128'\ndebug = False\ncuda: Optional[str] = '12.8'\nhip = None\n",
  'nvidia_nccl_cu12-2.27.5.dist-info/METADATA': 'Metadata-Version: 2.1\nName: nvidia-nccl-cu12\nVersion: 2.27.5\n',
  'vllm-0.11.0.dist-info/METADATA':
    'Metadata-Version: 2.1\nName: vllm\nVersion: 0.11.0\nRequires-Dist: torch==2.9.0\nRequires-Dist: numba (==0.61)\n',
};

test.skipIf(!hasPython())('versions come from the metadata of packages, none of which is imported', async () => {
  for (const [path, text] of Object.entries(PACKAGES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { facts, missing } = await askSoftware({ PATH: process.env['PATH'], PYTHONPATH: root });
  expect(Object.fromEntries(facts.map(f => [f.name, f.value]))).toMatchObject({
    torch: '2.9.0+cu128',
    torch_cuda: '12.8',
    torch_needs_nccl: '2.27.5',
    nccl: '2.27.5',
    nccl_cuda: '12',
    vllm: '0.11.0',
    vllm_needs_torch: '2.9.0',
    python: expect.stringMatching(/^3\./),
  });
  expect(missing.filter(m => m.what !== 'version of the CUDA toolkit')).toEqual([]);
});

test('without python or a compiler that is said', async () => {
  const { facts, missing } = await askSoftware({ PATH: root });
  expect(facts).toEqual([]);
  expect(missing).toEqual([
    { what: 'versions of PyTorch, NCCL and vLLM', why: 'python3 is not on PATH' },
    { what: 'version of the CUDA toolkit', why: 'nvcc is not on PATH' },
  ]);
});
