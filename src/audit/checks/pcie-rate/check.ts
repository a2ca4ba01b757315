import { contradiction, defineCheck } from '../../define.ts';
import { beside, ofQuantity } from '../../statement-set.ts';
import { num } from '../../wording.ts';

const BITS = 8;
/**
 * One lane, one direction, as PCI-SIG has it: gigatransfers a second, and the bits of each that are data: 8b/10b up to 2.0, 128b/130b from
 * 3.0 on, 242 of the 256 bytes of a flit in 6.0. Sixteen lanes carry 4, 8, 15.75, 31.5, 63.0 and 121 GB/s. Headers are counted as data, as
 * the counters of the GPU count them.
 */
const LANES: Readonly<Record<number, number>> = {
  1: (2.5 * 8) / 10,
  2: (5 * 8) / 10,
  3: (8 * 128) / 130,
  4: (16 * 128) / 130,
  5: (32 * 128) / 130,
  6: (64 * 242) / 256,
};
/** NVML counts over 20 ms, on a clock of its own; and whether its KB has 1,000 or 1,024 bytes is not said. */
const SLACK = 0.1;

export default defineCheck({
  id: 'pcie-rate',
  title: 'More over PCIe than the link carries',
  formula: 'GB/s one way ≤ lanes × GT/s × coding ÷ 8, within 10 %, with the greatest generation and width that the GPU names',
  source: 'PCI Express Base Specification 3.0 to 6.0: 15.75, 31.5, 63.0 and 121 GB/s for 16 lanes one way',
  find: set =>
    ofQuantity(set, 'pcie_gb_per_s').flatMap(rate => {
      const generation = beside(set, rate, 'pcie_generation');
      const width = beside(set, rate, 'pcie_width');
      const lane = LANES[generation?.value ?? 0];
      if (generation === undefined || width === undefined || lane === undefined || width.value <= 0) return [];
      const peak = (lane * width.value) / BITS;
      if (rate.lower <= peak * (1 + SLACK)) return [];
      const sentence = `${rate.subject}, ${rate.of}: ${num(rate.value)} GB/s (${rate.text}) is more than the ${num(peak)} GB/s that PCIe ${generation.value} with ${width.value} lanes carries in one direction.`;
      return [
        contradiction('impossible', rate, { what: 'peak of the link, one way', value: peak, unit: 'GB/s' }, sentence, [generation, width]),
      ];
    }),
});
