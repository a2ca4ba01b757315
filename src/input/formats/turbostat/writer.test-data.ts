import { group } from 'd3-array';
import { lined, ORIGIN_MS, samples, writing } from '#test/valid-rows';

const COLUMNS = { Avg_MHz: 'MHz', 'Busy%': '%', Bzy_MHz: 'MHz', TSC_MHz: 'MHz', PkgTmp: 'C', PkgWatt: 'W', RAMWatt: 'W' };
const METRICS = Object.entries(COLUMNS).map(
  ([metric, unit]) => ({ entity: 'CPU', metric, unit, nature: unit === 'C' ? 'gauge' : 'average' }) as const,
);

/** The line of the whole machine, and one of a CPU. */
export default writing(samples(METRICS), rows =>
  lined([
    'turbostat version 2023.03.17 - Len Brown <lenb@kernel.org>',
    `Time_Of_Day_Seconds\tCore\tCPU\t${Object.keys(COLUMNS).join('\t')}`,
    ...[...group(rows, row => row.t_ms)].flatMap(([t_ms, all]) => {
      const time = ((ORIGIN_MS + t_ms) / 1000).toFixed(3);
      return [`${time}\t-\t-\t${all.map(({ value }) => value).join('\t')}`, `${time}\t0\t0\t${all.map(() => 7).join('\t')}`];
    }),
  ]),
);
