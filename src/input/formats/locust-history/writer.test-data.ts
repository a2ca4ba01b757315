import { lined, ms, ORIGIN_MS, run, writing } from '#test/valid-rows';

const HEADER =
  'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,99%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size';
const LENGTH_S = 5;

/** Without --csv-full-history: the last row tells of the whole run. */
export default writing(
  run(['completed', 'failed', 'concurrency'], ['e2e'], ['min', 'mean', 'max']).map(one => [
    { ...one, start_ms: 0, end_ms: LENGTH_S * 1000 },
  ]),
  ([one]) => {
    const seconds = ORIGIN_MS / 1000;
    if (one === undefined) return '';
    const total = `${one.completed + one.failed},${one.failed},85,${ms(one, 'e2e', 'mean')},${ms(one, 'e2e', 'min')},${ms(one, 'e2e', 'max')},64.0`;
    return lined([
      HEADER,
      `${seconds},${one.concurrency},,Aggregated,0.000000,0.000000,N/A,N/A,0,0,0,0.0,0,0,0`,
      `${seconds + LENGTH_S},${one.concurrency},,Aggregated,0.500000,0.000000,85,140,${total}`,
    ]);
  },
);
