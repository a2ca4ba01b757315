import { gradeOf } from '#core/secrets/names';

/**
 * Variables kept with their values: they set how GPUs, ranks and threads work, and name no one. What a library reads besides
 * under the same prefix (keys, addresses) is taken out again below.
 */
const KEPT_PREFIXES = [
  'NCCL_',
  'CUDA_',
  'CUDNN_',
  'CUBLAS_',
  'CUBLASLT_',
  'NVSHMEM_',
  'NVIDIA_',
  'NVTE_',
  'OMP_',
  'GOMP_',
  'KMP_',
  'MKL_',
  'OPENBLAS_',
  'UCX_',
  'GLOO_',
  'TORCH_',
  'TORCHINDUCTOR_',
  'PYTORCH_',
  'TRITON_',
  'VLLM_',
];

/** Places in a job. Of a scheduler's own variables only counts and ranks: the others name hosts, users, accounts and folders. */
const KEPT_NAMES = new RegExp(
  `^(${[
    'RANK|WORLD_SIZE|LOCAL_RANK|LOCAL_WORLD_SIZE|GROUP_RANK|GROUP_WORLD_SIZE|ROLE_RANK|ROLE_WORLD_SIZE|NODE_RANK|NNODES|NPROC_PER_NODE|MASTER_PORT',
    'OMPI_COMM_WORLD_(RANK|SIZE|LOCAL_RANK|LOCAL_SIZE|NODE_RANK)|OMPI_MCA_(btl|pml|mtl|coll|osc)(_\\w+)?',
    'PMI_(RANK|SIZE|LOCAL_RANK|LOCAL_SIZE)|PMIX_RANK|MV2_COMM_WORLD_(RANK|SIZE|LOCAL_RANK|LOCAL_SIZE)',
    'SLURM_(NTASKS|NPROCS|NNODES|JOB_NUM_NODES|NTASKS_PER_NODE|TASKS_PER_NODE|CPUS_PER_TASK|CPUS_ON_NODE|CPUS_PER_GPU)',
    'SLURM_(GPUS|GPUS_PER_NODE|GPUS_PER_TASK|GPUS_ON_NODE|MEM_PER_NODE|MEM_PER_CPU|MEM_PER_GPU|PROCID|LOCALID|NODEID)',
  ].join('|')})$`,
);

/** Ends of names whose values say where or who. */
const NAMES_SOMEONE =
  /(^|_)(host|hostname|hosts|hostid|addr|address|ip|user|username|login|url|uri|endpoint|servers?|nodelist|nodename|proxy|email|domain|comm_id|uid)$/i;

/** True for a name that announces a secret: API_KEY, HF_TOKEN, db-password. PWD is the working folder, and TOKENIZERS are none. */
export const soundsSecret = (name: string): boolean => gradeOf(name) !== 'none';

/** True for a variable on the allow-list, or with one of the given prefixes, whose name announces neither a secret nor a person or host. */
export const isKept = (name: string, keep: readonly string[] = []): boolean =>
  !soundsSecret(name) &&
  !NAMES_SOMEONE.test(name) &&
  ([...KEPT_PREFIXES, ...keep].some(prefix => name.startsWith(prefix)) || KEPT_NAMES.test(name));

const IDENTITIES: readonly (readonly ['home' | 'user' | 'host', RegExp])[] = [
  ['home', /^(HOME|USERPROFILE)$/],
  ['user', /(^|_)(USER|LOGNAME|USERNAME)$/],
  ['host', /(^|_)(HOST|HOSTNAME|NODENAME|NODE_NAME|POD_NAME|CONTAINER_NAME|COMPUTERNAME|MASTER_ADDR)$/],
];

/** What a variable of this name tells about the machine or its user, if anything. */
export const identityIn = (name: string): 'home' | 'user' | 'host' | undefined => IDENTITIES.find(([, pattern]) => pattern.test(name))?.[0];
