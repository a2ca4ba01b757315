import { hostSamples, iso, lined, writing } from '#test/valid-rows';

const FIELDS = { cpu: 'psi_cpu_some_us', memory: 'psi_mem_some_us', io: 'psi_io_some_us' } as const;
const AVERAGES = 'avg10=1.53 avg60=10.17 avg300=7.99';

export default writing(hostSamples(Object.values(FIELDS)), rows =>
  lined(
    rows.flatMap(row => [
      `# ${iso(row.t_ms)}`,
      ...Object.entries(FIELDS).flatMap(([file, field]) => [
        `${file} some ${AVERAGES} total=${row[field]}`,
        `${file} full ${AVERAGES} total=0`,
      ]),
    ]),
  ),
);
