import { defineRule, type Sighting } from '#machine/define';
import { boardOfGpu, type GpuFacts, gpusOf } from '#machine/gpus';
import type { FactRow } from '#schema/relation';
import { pairsBelow, slowLinks } from './against-board.ts';

const BY_DESIGN = {
  severity: 'info',
  meaning: 'all GPUs alike: some forms of a board have fewer links by design',
  fix: 'Compare with the data sheet of the board and its bridge.',
} as const;

interface Links {
  readonly gpu: GpuFacts;
  readonly active: number;
  readonly inactive: number;
  /** What a board with NVSwitch has; undefined where links may be left out by design. */
  readonly expected: number | undefined;
}

function linksOf(gpu: GpuFacts, facts: readonly FactRow[], isAlone: boolean): Links | undefined {
  const states = facts.filter(f => f.name === 'active' && f.entity.startsWith(`${gpu.entity} link `));
  const none = gpu.flag('any_nvlink_active') === false || gpu.flag('has_nvlink') === false;
  if (states.length === 0 && !none) return undefined;
  const board = boardOfGpu(gpu);
  const active = states.filter(s => s.value === true).length;
  // One GPU of a machine that was parted among guests has nobody to talk to.
  const expected = board?.fabric === 'switch' && !(isAlone && active === 0) ? board.links : undefined;
  return { gpu, active, inactive: states.length - active, expected };
}

function judge({ gpu, active, inactive, expected }: Links, all: readonly Links[]): Sighting | undefined {
  if (expected !== undefined)
    return active < expected
      ? { entity: gpu.entity, seen: { 'links expected': expected, found: active }, told: { severity: 'high' } }
      : undefined;
  if (inactive === 0 || active === 0) return undefined;
  const areAlike = all.length > 1 && all.every(other => other.active === active);
  return { entity: gpu.entity, seen: { 'inactive links': inactive, 'active links': active }, ...(areAlike ? { told: BY_DESIGN } : {}) };
}

export default defineRule({
  id: 'inactive-links',
  title: 'NVLinks of a GPU are missing, inactive or slow',
  reason: 'What runs between GPUs shares the links that are left, and a collective goes at the pace of its slowest member.',
  source: 'man 1 nvidia-smi, nvlink -s; links of each board: its datasheet (docs/machine.md)',
  severity: 'medium',
  fix: 'Reset the GPU, or restart the fabric manager; run the job again with NCCL_DEBUG=INFO before it takes traffic. If links stay away have the hardware looked at.',
  needs: 'nvidia-smi nvlink -s, or topo -m of boards with NVSwitch',
  judges: ['nvidia-smi-nvlink', 'nvidia-smi-topo'],
  bears_on: ['slow-collective', 'handoff-exposed'],
  find({ facts }) {
    const gpus = gpusOf(facts);
    const links = gpus.flatMap(gpu => linksOf(gpu, facts, gpus.length === 1) ?? []);
    const pairs = pairsBelow(facts);
    if (links.length === 0 && pairs === undefined) return undefined;
    return [...links.flatMap(l => judge(l, links) ?? []), ...slowLinks(facts), ...(pairs ?? [])];
  },
});
