import { group } from 'd3-array';
import { iso, lined, samples, writing } from '#test/valid-rows';

const SHARES = ['sm', 'mem', 'enc', 'dec'].map(metric => ({ metric, unit: '%', nature: 'average' }) as const);
const METRICS = [...SHARES, { metric: 'fb', unit: 'MiB', nature: 'gauge' } as const].map(metric => ({
  entity: 'GPU 0 pid 3485 (python)',
  ...metric,
}));

/** With -o DT; a GPU that no process uses has a line of dashes. */
export default writing(samples(METRICS, { most: 100 }), rows =>
  lined([
    '#Date       Time        gpu         pid   type     sm    mem    enc    dec     fb    command',
    '#YYYYMMDD   HH:MM:SS    Idx           #    C/G      %      %      %      %     MB    name',
    ...[...group(rows, row => row.t_ms)].flatMap(([t_ms, all]) => {
      const time = ` 20261122   ${iso(t_ms).slice(11, 19)}`;
      return [
        `${time}      0        3485      C   ${all.map(({ value }) => value).join('   ')}    python`,
        `${time}      1           -      -      -      -      -      -      -    -`,
      ];
    }),
  ]),
);
