import { expect, test } from 'vitest';
import { identityIn, isKept, soundsSecret } from './env-names.ts';

test.each([
  'NCCL_SOCKET_IFNAME',
  'NCCL_CUMEM_HOST_ENABLE',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_HOME',
  'NVSHMEM_SYMMETRIC_SIZE',
  'NVIDIA_VISIBLE_DEVICES',
  'OMP_NUM_THREADS',
  'TORCH_CUDA_ARCH_LIST',
  'PYTORCH_CUDA_ALLOC_CONF',
  'VLLM_ATTENTION_BACKEND',
  'VLLM_MAX_NUM_BATCHED_TOKENS',
  'UCX_NET_DEVICES',
  'RANK',
  'WORLD_SIZE',
  'MASTER_PORT',
  'SLURM_NTASKS',
  'OMPI_COMM_WORLD_RANK',
  'OMPI_MCA_pml',
])('%s is kept', name => expect(isKept(name)).toBe(true));

test.each([
  'PATH',
  'HOME',
  'USER',
  'HOSTNAME',
  'MASTER_ADDR',
  'VLLM_API_KEY',
  'VLLM_HOST_IP',
  'NVIDIA_API_KEY',
  'TORCH_HUB_TOKEN',
  'NCCL_COMM_ID',
  'NCCL_HOSTID',
  'UCX_PROXY_URL',
  'SLURM_JOB_USER',
  'SLURM_NODELIST',
  'SLURM_JOB_ACCOUNT',
  'SLURM_SUBMIT_DIR',
  'OMPI_MCA_orte_hnp_uri',
  'PMIX_SERVER_URI2',
  'AWS_SECRET_ACCESS_KEY',
  'MY_CUDA_FLAGS',
])('%s is not kept', name => expect(isKept(name)).toBe(false));

test('prefixes of the user are kept too, but no secrets under them', () => {
  expect(isKept('SGLANG_PORT', ['SGLANG_'])).toBe(true);
  expect(isKept('SGLANG_API_KEY', ['SGLANG_'])).toBe(false);
});

test.each([
  'API_KEY',
  'apikey',
  'HF_TOKEN',
  'hf-token',
  'db-password',
  'PGPASSWORD',
  'SLACK_WEBHOOK',
  'SENTRY_DSN',
  'GIT_AUTH',
  'session-cookie',
  'X-Api-Key',
])('%s announces a secret', name => expect(soundsSecret(name)).toBe(true));
test.each([
  'PWD',
  'OLDPWD',
  'TOKENIZERS_PARALLELISM',
  'max-tokens',
  'max-num-batched-tokens',
  'tokenizer',
  'num-key-value-heads',
  'BYPASS',
  'compass',
])('%s announces none', name => expect(soundsSecret(name)).toBe(false));

test('a home, users and hosts are told by the names of their variables', () => {
  expect(['HOME', 'LOGNAME', 'SUDO_USER', 'HOSTNAME', 'SLURM_SUBMIT_HOST', 'POD_NAME', 'PATH'].map(identityIn)).toEqual([
    'home',
    'user',
    'user',
    'host',
    'host',
    'host',
    undefined,
  ]);
});
