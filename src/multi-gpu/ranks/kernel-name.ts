/** What the name of an NCCL kernel tells. */
export interface CollectiveKind {
  /** The operation, with reduction and type where the name has them: AllReduce Sum bf16. */
  readonly name: string;
  readonly algorithm: string | null;
  readonly protocol: string | null;
  /** A send or receive between two ranks, or several of them in one kernel: not every rank need take part. */
  readonly pointToPoint: boolean;
}

/** Longer names first: TREE is a part of NVLS_TREE, LL of LL128. */
const ALGORITHMS = ['COLLNET_DIRECT', 'COLLNET_CHAIN', 'NVLS_TREE', 'NVLS', 'TREE', 'RING', 'PAT'];
const PROTOCOLS = ['LL128', 'SIMPLE', 'LL'];

/** Reads ncclDevKernel_AllReduce_Sum_bf16_RING_LL (NCCL since 2.18) and ncclKernel_AllReduce_RING_LL_Sum_half (before). */
export function collectiveKind(kernel: string): CollectiveKind {
  let rest = `_${kernel.replace(/^nccl(Dev)?Kernel_?/, '').replace(/\(.*$/, '')}_`;
  const take = (words: readonly string[]) => {
    const found = words.find(w => rest.includes(`_${w}_`));
    if (found !== undefined) rest = rest.replace(`_${found}_`, '_');
    return found ?? null;
  };
  const algorithm = take(ALGORITHMS);
  const protocol = take(PROTOCOLS);
  const name = rest.replaceAll('_', ' ').trim() || 'collective';
  return { name, algorithm, protocol, pointToPoint: /^Send|^Recv/.test(name) };
}
