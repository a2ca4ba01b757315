import { lined, ms, run, writing } from '#test/valid-rows';

const HEADER =
  'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,99%';

export default writing(
  run(['completed', 'failed', 'requests_per_s'], ['e2e'], ['min', 'mean', 'max']).map(one => [
    { ...one, sent: one.completed + one.failed },
  ]),
  runs =>
    lined([
      HEADER,
      ...runs.map(
        one =>
          `,Aggregated,${one.sent},${one.failed},10.0,${ms(one, 'e2e', 'mean')},${ms(one, 'e2e', 'min')},${ms(one, 'e2e', 'max')},85.0,${one.requests_per_s},0.1,10,57`,
      ),
    ]),
);
