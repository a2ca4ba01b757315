import { group } from 'd3-array';
import { iso, lined, samples, writing } from '#test/valid-rows';

const COLUMNS = {
  '%usr': '%',
  '%system': '%',
  'minflt/s': '1/s',
  'majflt/s': '1/s',
  VSZ: 'KiB',
  RSS: 'KiB',
  '%MEM': '%',
  'kB_rd/s': 'KiB/s',
  'kB_wr/s': 'KiB/s',
};
const STATES = ['VSZ', 'RSS', '%MEM'];
const METRICS = Object.entries(COLUMNS).map(
  ([metric, unit]) => ({ entity: 'pid 16390 (python3)', metric, unit, nature: STATES.includes(metric) ? 'gauge' : 'average' }) as const,
);

/** sysstat 12, -urd: one process. */
export default writing(samples(METRICS), rows =>
  lined([
    'Linux 6.18.0 (machine) \t2026-11-22 \t_x86_64_\t(2 CPU)',
    '',
    `# Time        UID       PID    ${Object.keys(COLUMNS).join('   ')}  Command`,
    ...[...group(rows, row => row.t_ms)].map(
      ([t_ms, all]) => `${iso(t_ms).slice(11, 19)}     1000     16390   ${all.map(({ value }) => value.toFixed(2)).join('   ')}  python3`,
    ),
  ]),
);
