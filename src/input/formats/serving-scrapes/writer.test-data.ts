import { iso, lined, samples, writing } from '#test/valid-rows';

const METRICS = [
  { entity: 'engine 0', metric: 'vllm:num_requests_running', unit: '', nature: 'gauge' },
  { entity: 'engine 0', metric: 'vllm:num_preemptions_total', unit: '', nature: 'counter' },
  { entity: 'engine 0', metric: 'vllm:request_success_total{stop}', unit: '', nature: 'counter' },
] as const;

export default writing(samples(METRICS), rows =>
  lined(
    rows.flatMap(({ t_ms, metric, value }) => {
      const [name = '', reason] = metric.split(/[{}]/);
      const labels = `engine="0",${reason === undefined ? '' : `finished_reason="${reason}",`}model_name="m/small"`;
      return [
        ...(metric === METRICS[0].metric ? [`# ${iso(t_ms)}`, `# TYPE ${name} gauge`] : []),
        `${name}{${labels}} ${value.toFixed(1)}`,
      ];
    }),
  ),
);
