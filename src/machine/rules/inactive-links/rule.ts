import { defineRule } from '#machine/define';

const LINK = /^(GPU \d+) link \d+$/;

export default defineRule({
  id: 'inactive-links',
  title: 'NVLinks of a GPU are inactive beside active ones',
  reason: 'What runs between GPUs shares the links that are left.',
  source: 'man 1 nvidia-smi, nvlink -s',
  severity: 'medium',
  fix: 'Reset the GPU, or restart the fabric manager; if links stay away have the hardware looked at. Some forms of a GPU have fewer links by design.',
  judges: ['nvidia-smi-nvlink'],
  find({ facts }) {
    const links = facts.filter(f => f.name === 'active' && LINK.test(f.entity));
    const gpus = [...new Set(links.map(l => LINK.exec(l.entity)?.[1] ?? ''))];
    return gpus.flatMap(gpu => {
      const own = links.filter(l => l.entity.startsWith(`${gpu} `));
      const inactive = own.filter(l => l.value === false).length;
      return inactive > 0 && inactive < own.length
        ? [{ entity: gpu, seen: { 'inactive links': inactive, 'active links': own.length - inactive } }]
        : [];
    });
  },
});
