// Format: https://github.com/hatoo/oha/blob/master/schema.json (oha --output-format json, before 1.5 oha --json): a summary in seconds.
import { z } from 'zod';
import { isSuccess } from '#input/series/http-hits';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'oha-json';
const HINT = 'Give the file as oha --output-format json wrote it.';
/** oha writes null for what a run without an answer has none of. */
const Seconds = z.number().nonnegative().nullish();
const Counts = z.record(z.string(), z.int().nonnegative());
const OhaReport = z.object({
  summary: z.object({ total: Seconds, slowest: Seconds, fastest: Seconds, average: Seconds, requestsPerSec: Seconds }),
  latencyPercentiles: z.record(z.string(), Seconds),
  statusCodeDistribution: z.record(z.string().regex(/^\d{3}$/), z.int().nonnegative()),
  errorDistribution: Counts,
});
type OhaReport = z.infer<typeof OhaReport>;
/** What oha counts as an error though it stopped those requests itself, when the time of the test was over. */
const DEADLINE = 'aborted due to deadline';
const MS_PER_S = 1000;
const KEYS = ['"successRate"', '"slowest"', '"requestsPerSec"', '"sizePerRequest"'];

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'oha summary (JSON)',
  extensions: ['.json'],
  keys: ['summary', 'successRate', 'requestsPerSec', 'latencyPercentiles', 'statusCodeDistribution'],
  sniff: head => KEYS.every(key => head.includes(key)),
  parse: (text, source): SummarySeries => {
    const report = validate(OhaReport, smallJson(text, source, HINT), { source }, HINT);
    const codes = Object.entries(report.statusCodeDistribution);
    const answered = sum(codes.map(([, count]) => count));
    const completed = sum(codes.filter(([code]) => isSuccess(Number(code))).map(([, count]) => count));
    const errors = sum(Object.entries(report.errorDistribution).map(([what, count]) => (what === DEADLINE ? 0 : count)));
    const { total, requestsPerSec } = report.summary;
    return summarySeries({
      format: ID,
      rows: [
        {
          ...UNTOLD,
          duration_s: total ?? null,
          completed,
          failed: answered - completed + errors,
          requests_per_s: requestsPerSec ?? null,
          latency: answered === 0 ? [] : latencyOf(report, answered),
        },
      ],
      limits: limitsOf(report, answered, completed),
      warnings: [],
    });
  },
});

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
const latencyOf = ({ summary: { average, fastest, slowest }, latencyPercentiles }: OhaReport, n: number): LatencyFigure[] =>
  namedFigures('e2e', { mean: average, min: fastest, max: slowest, ...latencyPercentiles }, MS_PER_S, n);

const limitsOf = (report: OhaReport, answered: number, completed: number): string[] => {
  const stopped = report.errorDistribution[DEADLINE] ?? 0;
  return [
    NO_STARTS,
    'Whether --latency-correction was on is not in the file; without it, latencies are lower bounds.',
    ...(answered > completed ? [`The latencies are of all ${answered} answers, ${answered - completed} errors among them.`] : []),
    ...(stopped > 0
      ? [`${stopped} requests were stopped by oha at the end of the test; they count neither as completed nor as failed.`]
      : []),
    ...fewRequests(answered),
  ];
};
