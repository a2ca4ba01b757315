import { defineRule } from '#machine/define';

/** Errors since the driver was loaded that could not be mended, and rows that could not be replaced. */
const UNMENDED = /^ecc_errors\.volatile\..*uncorrectable|^ecc_errors\.volatile\..*double_bit|^remapped_rows\..*(?:unc|uncorrectable)$/;
const WAITING = /^remapped_rows\..*(?:pending|failure)$/;

export default defineRule({
  id: 'ecc-errors',
  title: 'Memory of a GPU has errors that could not be mended',
  reason:
    'What stood there is lost; rows that wait for a replacement get it at the next reset, and those that cannot be replaced stay bad.',
  source: 'NVIDIA GPU Memory Error Management, docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt',
  severity: 'high',
  fix: 'End what runs on that GPU and reset it; where errors come back, or a remapping failed, have it replaced.',
  judges: ['nvidia-smi-xml'],
  find: ({ facts }) =>
    facts.flatMap(f => {
      const isBad = (UNMENDED.test(f.name) && Number(f.value) > 0) || (WAITING.test(f.name) && /^(?:yes|true)$/i.test(String(f.value)));
      return isBad ? [{ entity: f.entity, seen: { [f.name]: typeof f.value === 'number' ? f.value : String(f.value) } }] : [];
    }),
});
