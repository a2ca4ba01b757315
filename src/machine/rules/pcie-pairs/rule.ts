import { defineRule } from '#machine/define';

const PAIR = /^GPU \d+-GPU \d+$/;

export default defineRule({
  id: 'pcie-pairs',
  title: 'Pairs of GPUs are joined by PCIe beside pairs that are joined by NVLink',
  reason: 'A collective goes at the pace of its slowest link: one such pair in a group slows all of it.',
  source: 'NCCL documentation, topology detection; man 1 nvidia-smi, topo -m',
  severity: 'medium',
  fix: 'Put ranks that talk to one another on GPUs joined by NVLink (CUDA_VISIBLE_DEVICES), or keep them under one root complex.',
  judges: ['nvidia-smi-topo'],
  find({ facts }) {
    const pairs = facts.filter(f => f.name === 'link' && PAIR.test(f.entity));
    const isNvlink = (value: unknown) => /^NV\d/.test(String(value));
    if (!pairs.some(p => isNvlink(p.value))) return [];
    return pairs.filter(p => !isNvlink(p.value)).map(p => ({ entity: p.entity, seen: { link: String(p.value) } }));
  },
});
