// Format: https://github.com/ray-project/llmperf/blob/main/token_benchmark_ray.py (*_individual_responses.json: one record a request, without
// times of day)

import { z } from 'zod';
import { fewRequests, figuresOf } from '#input/series/latency-figures';
import { ALL_FAILED, NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'llmperf';
const HINT = 'Give the file *_individual_responses.json as LLMPerf wrote it.';
const WITH_FIRST =
  'Its inter_token_latency_s is one mean for each request with the first token in it, so it was left out; time per output token is worked out from the end and the first token.';
const NOT_TOLD = 'The model, the concurrency and the duration stand in the …_summary.json that LLMPerf writes beside it.';

const amount = z.number().nonnegative().nullish();
const Response = z.object({
  error_code: z.union([z.number(), z.string()]).nullish(),
  ttft_s: amount,
  end_to_end_latency_s: amount,
  number_input_tokens: amount,
  number_output_tokens: amount,
});
type Response = z.infer<typeof Response>;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'LLMPerf individual responses (JSON)',
  extensions: ['.json'],
  keys: ['ttft_s', 'end_to_end_latency_s', 'number_output_tokens', 'number_input_tokens', 'error_code'],
  sniff: head => /^\ufeff?\s*\[\s*\{/.test(head) && head.includes('"end_to_end_latency_s"') && head.includes('"number_output_tokens"'),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter('response');
    const responses = read(text, source, counter);
    for (const [i, { error_code, end_to_end_latency_s: end }] of responses.entries())
      if (error_code == null && end == null) counter.note('the response has no end, so no latency has it', i + 1);
    const good = responses.filter(({ error_code }) => error_code === null || error_code === undefined);
    if (responses.length === 0) throw badRecord({ source }, 'the file holds no complete response', HINT);
    const row = {
      ...UNTOLD,
      sent: responses.length,
      completed: good.length,
      failed: responses.length - good.length,
      input_tokens: totalOf(good, ({ number_input_tokens }) => number_input_tokens),
      output_tokens: totalOf(good, ({ number_output_tokens }) => number_output_tokens),
      latency: [
        ...figuresOf(
          'e2e',
          msOf(good, ({ end_to_end_latency_s }) => end_to_end_latency_s),
        ),
        ...figuresOf(
          'ttft',
          msOf(good, ({ ttft_s }) => ttft_s),
        ),
        ...figuresOf('tpot', msOf(good, perOutputToken)),
      ],
    };
    const about = good.length === 0 ? [ALL_FAILED] : fewRequests(good.length);
    return summarySeries({ format: ID, rows: [row], limits: [NO_STARTS, ...about, WITH_FIRST, NOT_TOLD], warnings: counter.sentences() });
  },
});

const read = (text: Text, source: string, counter: WarningCounter): Response[] =>
  Array.from(jsonValues(text, source, ['$.*'], counter), ({ path, value }) =>
    validate(Response, value, { source, path: path.join('.') }, HINT),
  );

const msOf = (responses: readonly Response[], seconds: (response: Response) => number | null | undefined): number[] =>
  responses.map(seconds).flatMap(s => (typeof s === 'number' ? [s * 1000] : []));

/** The sum over all; null where one of them does not say. */
const totalOf = (responses: readonly Response[], tokens: (response: Response) => number | null | undefined): number | null => {
  const told = responses.map(tokens).filter(count => typeof count === 'number');
  return told.length < responses.length || told.length === 0 ? null : told.reduce((sum, count) => sum + count, 0);
};

const perOutputToken = ({ end_to_end_latency_s: end, ttft_s: first, number_output_tokens: tokens }: Response): number | null =>
  typeof end !== 'number' || typeof first !== 'number' || typeof tokens !== 'number' || tokens <= 1 || end < first
    ? null
    : (end - first) / (tokens - 1);
