import { readFileSync } from 'node:fs';
import { epochNs, ms, run, writing } from '#test/valid-rows';

const SAMPLE = JSON.parse(readFileSync(new URL('sample.json', import.meta.url), 'utf8'));
const SHARES = [0.5, 0.9, 0.95, 0.99] as const;
const SECONDS = 10;

/** A closed loop of one stage of ten seconds. */
export default writing(
  run(
    ['concurrency', 'completed', 'failed', 'input_tokens', 'output_tokens', 'requests_per_s', 'output_tokens_per_s'],
    ['ttft', 'e2e'],
    ['mean', ...SHARES, 'max'],
  ).map(one => [{ ...one, start_ms: 0, end_ms: SECONDS * 1000, duration_s: SECONDS, sent: one.completed + one.failed }]),
  ([one]) => {
    if (one === undefined) return '';
    const latencies = (['ttft', 'e2e'] as const).map(metric => ({
      ...{ metric, from: 'send', n: one.completed, mean_ms: ms(one, metric, 'mean'), p99_ci_ms: null, max_ms: ms(one, metric, 'max') },
      ...Object.fromEntries(SHARES.map(q => [`p${q * 100}_ms`, ms(one, metric, q)])),
    }));
    const requests = { ...SAMPLE.stages[0].requests, sent: one.sent, ok: one.completed, failed: one.failed };
    const stage = {
      ...{
        ...SAMPLE.stages[0],
        concurrency: one.concurrency,
        start_ns: `${epochNs(0)}`,
        end_ns: `${epochNs(SECONDS * 1000)}`,
        requests,
        latencies,
      },
      ...{ completed_per_s: one.requests_per_s, prompt_tokens: one.input_tokens, output_tokens: one.output_tokens },
      output_tokens_per_s: one.output_tokens_per_s,
    };
    return JSON.stringify({ ...SAMPLE, stages: [stage] }, null, 2);
  },
);
