import { iso, lined, samples, writing } from '#test/valid-rows';

const WALL = [{ entity: 'wall', metric: 'power', unit: 'W', nature: 'gauge' }] as const;

export default writing(samples(WALL), rows =>
  lined(
    rows.flatMap(({ t_ms, value }) => [
      '',
      `    Instantaneous power reading:                  ${value} Watts`,
      '    Minimum during sampling period:                 12 Watts',
      '    Maximum during sampling period:               2310 Watts',
      '    Average power reading over sample period:     1490 Watts',
      `    IPMI timestamp:                           Sun Nov 22 ${iso(t_ms).slice(11, 19)} 2026`,
      '    Sampling period:                          00000001 Seconds.',
      '    Power reading state is:                   activated',
      '',
    ]),
  ),
);
