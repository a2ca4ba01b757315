import { defineRule } from '#machine/define';
import { boardOfAll } from '#machine/gpus';
import { isNvlink, pairsOf } from '#machine/joined';

const SWITCHED = {
  severity: 'high',
  meaning: 'boards of this model reach each other through NVSwitch',
  fix: 'Bring the NVSwitch backplane back: fabric manager, reset, baseboard. Until then pin the job to one root complex, lower the load by 25 to 30 %, shorten the test and watch for thermal throttling; or fall back to one GPU.',
} as const;

export default defineRule({
  id: 'pcie-pairs',
  title: 'Pairs of GPUs are joined by PCIe where NVLink should be',
  reason: 'A collective goes at the pace of its slowest link: one such pair in a group slows all of it.',
  source: 'NCCL documentation, topology detection; man 1 nvidia-smi, topo -m; the guide for 8×B200, PCIe topology guardrails',
  severity: 'medium',
  fix: 'Put ranks that talk to one another on GPUs joined by NVLink (CUDA_VISIBLE_DEVICES), or keep them under one root complex.',
  needs: 'nvidia-smi topo -m; and the model, where all pairs are joined by PCIe',
  judges: ['nvidia-smi-topo'],
  bears_on: ['slow-collective', 'peer-copy-staged', 'handoff-exposed'],
  find({ facts }) {
    const pairs = pairsOf(facts);
    const bySwitch = boardOfAll(facts)?.fabric === 'switch';
    if (pairs.length === 0) return undefined;
    if (!bySwitch && !pairs.some(p => isNvlink(p.link))) return [];
    return pairs
      .filter(p => !isNvlink(p.link))
      .map(({ entity, link }) => ({ entity, seen: { link }, ...(bySwitch ? { told: SWITCHED } : {}) }));
  },
});
