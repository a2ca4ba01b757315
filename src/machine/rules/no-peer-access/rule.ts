import { defineRule } from '#machine/define';
import { boardOfAll } from '#machine/gpus';
import { isNvlink, pairsOf } from '#machine/joined';

const PAIR = /^GPU \d+-GPU \d+$/;

export default defineRule({
  id: 'no-peer-access',
  title: 'Two GPUs may not reach each other’s memory',
  reason: 'What they tell each other is copied through the memory of the host: in our captures of two H200 at 26 GB/s instead of 390.',
  source: 'man 1 nvidia-smi, topo -p2p; CUDA C++ Programming Guide, peer-to-peer memory access',
  severity: 'low',
  fix: 'Look at IOMMU and ACS settings of the host, and at what its hypervisor passes through. Without either, keep ranks that talk to one another on GPUs that can.',
  needs: 'nvidia-smi topo -p2p r',
  judges: ['nvidia-smi-topo'],
  bears_on: ['peer-copy-staged', 'slow-collective', 'handoff-exposed'],
  find({ facts }) {
    const told = facts.filter(f => f.name === 'peer_to_peer' && PAIR.test(f.entity));
    if (told.length === 0) return undefined;
    const joined = new Set(
      pairsOf(facts)
        .filter(p => isNvlink(p.link))
        .map(p => p.entity),
    );
    const bySwitch = boardOfAll(facts)?.fabric === 'switch';
    return told
      .filter(f => f.value !== 'OK')
      .map(f => {
        const isFault = bySwitch || joined.has(f.entity);
        return { entity: f.entity, seen: { 'peer to peer': String(f.value) }, ...(isFault ? { told: { severity: 'high' as const } } : {}) };
      });
  },
});
