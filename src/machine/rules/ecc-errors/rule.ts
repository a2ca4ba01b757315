import { defineRule, type Sighting } from '#machine/define';
import { type GpuFacts, gpusOf } from '#machine/gpus';

type Told = NonNullable<Sighting['told']>;

const SINCE_MADE: Told = {
  severity: 'low',
  meaning: 'counted over its life: it may have been mended by a reset since',
  fix: 'Watch whether the count grows; where it does have the GPU replaced.',
};
const REPLACED: Told = {
  severity: 'low',
  meaning: 'rows of memory were replaced after such errors: what was bad is no longer used',
  fix: 'Watch whether the count grows.',
};
const WAITING: Told = { severity: 'medium', meaning: 'a repair waits for a reset', fix: 'End what runs on that GPU and reset it.' };

interface Kind {
  readonly name: RegExp;
  /** What it weighs; the rule's own words where undefined. */
  readonly told: Told | undefined;
}

/** Counts above 0, and states that are on; the first that fits. */
const KINDS: readonly Kind[] = [
  { name: /^ecc_errors\.volatile\..*(?:uncorrectable|double_bit)/, told: undefined },
  { name: /^remapped_rows\..*failure$/, told: undefined },
  { name: /^ecc_errors\.aggregate\.sram_threshold_exceeded$/, told: undefined },
  { name: /^remapped_rows\..*pending$/, told: WAITING },
  { name: /^ecc_errors\.\w+_repair_pending$/, told: WAITING },
  { name: /^retired_pages\.pending_\w+$/, told: WAITING },
  { name: /^remapped_rows\..*(?:unc|uncorrectable)$/, told: REPLACED },
  { name: /^retired_pages\.double_bit_retirement\.retired_count$/, told: REPLACED },
  { name: /^ecc_errors\.aggregate\..*(?:uncorrectable|double_bit)/, told: SINCE_MADE },
];

const isOn = (value: string | number | boolean) => value === true || /^(?:yes|true)$/i.test(String(value)) || Number(value) > 0;

const badOf = (gpu: GpuFacts): readonly Sighting[] =>
  gpu.rows.flatMap(({ entity, name, value }) => {
    const kind = KINDS.find(k => k.name.test(name));
    if (kind === undefined || !isOn(value)) return [];
    return [{ entity, seen: { [name.split('.').slice(1).join(' ')]: typeof value === 'number' ? value : String(value) }, told: kind.told }];
  });

export default defineRule({
  id: 'ecc-errors',
  title: 'Memory of a GPU has errors that could not be mended',
  reason:
    'What stood there is lost; rows that wait for a replacement get it at the next reset, and those that cannot be replaced stay bad.',
  source: 'NVIDIA GPU Memory Error Management, docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt',
  severity: 'high',
  fix: 'End what runs on that GPU and reset it; where errors come back, or a remapping failed, have it replaced.',
  needs: 'nvidia-smi -q -x',
  judges: ['nvidia-smi-xml'],
  bears_on: [],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.rows.some(r => KINDS.some(k => k.name.test(r.name))));
    return told.length === 0 ? undefined : told.flatMap(badOf);
  },
});
