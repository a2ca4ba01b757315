import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSeries } from '#app/inputs/read-series';
import type { EnergyFacts } from '#energy/facts';
import { energyOfFiles } from '#energy/of-files';
import type { FileOptions } from '#energy/of-run';
import { readMoments } from '#energy/window';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Power of several machines, MIG, coarse scrapes, averaged sensors; each with the right value. */
const CASES = join(SHARED, 'cases/files');
const here = existsSync(CASES);
sayWhatIsMissing('energy of several machines, MIG and coarse scrapes was', CASES);

function energyOf(names: readonly string[], options: Partial<FileOptions> = {}): EnergyFacts {
  const files = names.map(name => {
    const path = join(CASES, name);
    const series = readSeries(path)?.series;
    if (series === undefined) throw new Error(`${name} is in no format`);
    return { path, series };
  });
  const found = energyOfFiles(files, { prices: {}, ...options });
  if ('runs' in found) throw new Error('several runs');
  return found;
}

describe.skipIf(!here)('energy is right or refused', () => {
  test.each([[['36-two-nodes-csv/nodeA.csv', '36-two-nodes-csv/nodeB.csv']], [['36-two-nodes-csv/both.csv']]])(
    '36: sixteen GPUs of two machines draw 8 × 600 + 8 × 300 W, in %j',
    names => {
      const { totals, metered } = energyOf(names);
      expect(totals).toMatchObject([{ level: 'gpu', entities: 16, mean_w: 7200, valid: true }]);
      expect(new Set(metered.map(m => m.entity)).size).toBe(16);
    },
  );

  test('34: seven MIG instances are one card of 420.5 W', () =>
    expect(energyOf(['34-dcgm-mig-power/m_mig.prom']).totals).toMatchObject([{ entities: 1, mean_w: 420.5, valid: true }]));

  test('37: scrapes 5 s apart have the energy of the counter', () => {
    const { totals, metered } = energyOf(['37-dcgm-5s-scrape/m_podchange.prom']);
    expect(metered).toMatchObject([{ energy_by: 'counter', energy_j: 23_127.5, codes: [] }]);
    expect(totals).toMatchObject([{ mean_w: 420.5, valid: true }]);
  });

  test('45: power averaged over a second is not fit for a burst of 2 s, and is for 10 s', () => {
    const of = (window: string) => energyOf(['45-power-average-lag/avg.csv'], { window: readMoments(window, '--window') }).totals[0];
    expect(of('10..12')).toMatchObject({ valid: false, codes: ['averaged-power'], cost: null });
    expect(of('5..15.1')).toMatchObject({ valid: true });
  });

  test.each(['a_ident', 'a_same', 'a_stag'])('50: eight GPUs that no column tells apart are refused (%s)', name =>
    expect(() => readSeries(join(CASES, `50-smi-no-index/${name}.csv`))).toThrow('the samples come in bursts, as from several GPUs'),
  );
});
