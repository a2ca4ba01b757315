import { defineRule, type Sighting } from '#machine/define';
import { type GpuFacts, gpusOf, isAtWork } from '#machine/gpus';

const LINK = 'pci.pci_gpu_link_info';
const GENERATION = { now: `${LINK}.pcie_gen.current_link_gen`, most: `${LINK}.pcie_gen.max_link_gen` };
const WIDTH = { now: `${LINK}.link_widths.current_link_width`, most: `${LINK}.link_widths.max_link_width` };

const IDLE = {
  severity: 'info',
  meaning: 'it is idle, and an idle link may be narrower: look again under load',
  fix: 'Run nvidia-smi -q -x while the GPU works. If the link is as narrow then, reseat the board or the riser.',
} as const;

/** What is below its maximum, where that says something: the generation of a GPU at work, its width at work or beside wider peers. */
function below(gpu: GpuFacts, othersAreWide: boolean): readonly Sighting[] {
  const [gen, mostGen, width, mostWidth] = [GENERATION.now, GENERATION.most, WIDTH.now, WIDTH.most].map(gpu.number);
  const atWork = isAtWork(gpu);
  const isSlow = gen !== undefined && mostGen !== undefined && gen < mostGen && atWork;
  const isNarrow = width !== undefined && mostWidth !== undefined && width < mostWidth;
  if (!isSlow && !isNarrow) return [];
  const seen = {
    ...(isSlow ? { generation: gen, 'highest generation': mostGen } : {}),
    ...(isNarrow ? { lanes: width, 'most lanes': mostWidth } : {}),
  };
  return [{ entity: gpu.entity, seen, ...(atWork || othersAreWide ? {} : { told: IDLE }) }];
}

export default defineRule({
  id: 'pcie-below-maximum',
  title: 'The PCIe link of a GPU is slower than it can be',
  reason: 'Copies to and from the host, and between GPUs without NVLink, get that much slower: half the lanes carry half.',
  source: 'man 1 nvidia-smi, GPU Link information: "These may be reduced when the GPU is not in use"',
  severity: 'medium',
  fix: 'Reseat the board or its riser, and look at the slot’s settings in the firmware of the host.',
  needs: 'nvidia-smi -q -x; of the generation while the GPU works',
  judges: ['nvidia-smi-xml'],
  bears_on: ['blocking-copy', 'peer-copy-staged', 'handoff-exposed'],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.number(WIDTH.now) !== undefined);
    if (told.length === 0) return undefined;
    const isWide = (g: GpuFacts) => (g.number(WIDTH.now) ?? 0) >= (g.number(WIDTH.most) ?? 0);
    return told.flatMap(gpu =>
      below(
        gpu,
        told.some(other => other !== gpu && isWide(other)),
      ),
    );
  },
});
