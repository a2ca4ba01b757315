import { defineRule } from '#machine/define';
import { boardOfAll, numberOf } from '#machine/gpus';
import { hasNvlink } from '#machine/joined';

export default defineRule({
  id: 'staged-nccl-transport',
  title: 'NCCL goes through the host’s memory between GPUs that NVLink joins',
  reason: 'Each message is copied twice, at the pace of PCIe.',
  source: 'NCCL user guide, NCCL_SHM_DISABLE: shared memory is used where peer-to-peer is not possible; the log’s lines "via SHM"',
  severity: 'high',
  fix: 'Look for NCCL_P2P_DISABLE in the environment; in containers give each all GPUs of the job, and the host’s IPC namespace.',
  needs: 'a log with NCCL_DEBUG=INFO, and nvidia-smi topo -m or nvlink -s',
  judges: ['nccl-log'],
  bears_on: ['slow-collective', 'peer-copy-staged'],
  find({ facts }) {
    const [shared, direct] = ['transport.SHM', 'transport.P2P'].map(name => numberOf(facts, 'NCCL', name));
    const isJoined = boardOfAll(facts)?.fabric === 'switch' || hasNvlink(facts);
    if (isJoined === undefined || (shared === undefined && direct === undefined)) return undefined;
    return isJoined && (shared ?? 0) > 0 ? [{ entity: 'NCCL', seen: { 'channels via SHM': shared ?? 0, 'via P2P': direct ?? 0 } }] : [];
  },
});
