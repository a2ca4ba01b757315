import { group } from 'd3-array';
import { iso, lined, samples, writing } from '#test/valid-rows';

const METERS = ['wall', 'wall channel 1', 'wall channel 2'].map(
  entity => ({ entity, metric: 'power', unit: 'W', nature: 'average' }) as const,
);
const OTHERS = 'Volts,210.110000,Amps,4.672000,PF,0.981420';

export default writing(samples(METERS), rows =>
  lined(
    [...group(rows, row => row.t_ms)].map(([t_ms, all]) => {
      const [whole, first, second] = all.map(({ value }) => `Watts,${value}.000000,${OTHERS}`);
      return `Time,11-22-2026 ${iso(t_ms).slice(11, 23)},${whole},Mark,2026-11-22_01-20-00_testing,Ch1,${first},Ch2,${second}`;
    }),
  ),
);
