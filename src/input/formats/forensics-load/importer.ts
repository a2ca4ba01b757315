// Format: docs/load.md, schemas/forensics.load-1.schema.json (load.json of `forensics load`): a run for each stage.

import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import { isEpochNs, msSince } from '#input/time/nanoseconds';
import { Load, type LoadLatency, type LoadStage } from '#schema/load';
import type { LatencyFigure, RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'forensics-load';
const HINT = 'Give load.json as forensics load wrote it.';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'load.json of forensics load',
  extensions: ['.json'],
  sniff: head => /^\ufeff?\s{0,9}\{\s{0,9}"schema"\s{0,9}:\s{0,9}"forensics\.load\/1"/.test(head),
  parse: (text, source): SummarySeries => {
    const load = validate(Load, smallJson(text, source, HINT), { source }, HINT);
    const [first] = load.stages;
    if (first === undefined) throw badRecord({ source }, 'it holds no stage: nothing was sent', HINT);
    const origin_ns = BigInt(first.start_ns);
    const rows = load.stages.map((stage, i) => {
      if (!isEpochNs(BigInt(stage.start_ns)) || !isEpochNs(BigInt(stage.end_ns)))
        throw badRecord({ source, field: `stages.${i}` }, 'its times do not count from 1970', HINT);
      if (BigInt(stage.end_ns) < BigInt(stage.start_ns))
        throw badRecord({ source, field: `stages.${i}.end_ns` }, 'the stage ends before it begins', HINT);
      return toRun(load, stage, origin_ns);
    });
    return summarySeries({
      format: ID,
      clock: { kind: 'epoch', uncertainty_ms: 0 },
      origin_ns,
      rows,
      limits: [
        NO_STARTS,
        AGGREGATES_ONLY,
        load.loop === 'open' ? FROM_INTENDED : FROM_SEND,
        ...fewRequests(Math.min(...load.stages.map(stage => stage.requests.ok))),
      ],
      warnings: load.warnings,
    });
  },
});

const FROM_INTENDED = 'Latencies count from the intended start of each request.';
const FROM_SEND =
  'Latencies count from the send: in a closed loop a slow answer holds back the requests behind it, so p99 is a lower bound.';

/** The measured window of a stage; what was sent before is warm-up. */
const toRun = (load: Load, stage: LoadStage, origin: bigint): RunSummary => {
  const [start_ms, end_ms] = [msSince(origin, BigInt(stage.start_ns)), msSince(origin, BigInt(stage.end_ns))];
  const seconds = (end_ms - start_ms) / 1000;
  return {
    ...UNTOLD,
    label: load.arrivals,
    model: load.model,
    start_ms,
    end_ms,
    duration_s: seconds,
    requested_rate: load.rate_per_s,
    concurrency: stage.concurrency,
    sent: stage.requests.sent,
    completed: stage.requests.ok,
    // What earlier versions do not tell is what their rates are made of.
    completed_in_window: stage.completed_in_window ?? Math.round(stage.completed_per_s * seconds),
    failed: stage.requests.failed,
    input_tokens: stage.prompt_tokens,
    output_tokens: stage.output_tokens,
    output_tokens_in_window:
      stage.output_tokens_in_window ?? (stage.output_tokens_per_s === null ? null : stage.output_tokens_per_s * seconds),
    requests_per_s: stage.completed_per_s,
    output_tokens_per_s: stage.output_tokens_per_s,
    latency: stage.latencies.filter(l => l.from === 'token' || l.from === (load.loop === 'open' ? 'intended' : 'send')).flatMap(figures),
  };
};

/** The time after which a request was given up is no latency of an answer. */
const figures = ({ metric, n, mean_ms: mean, p50_ms, p90_ms, p95_ms, p99_ms, max_ms: max }: LoadLatency): LatencyFigure[] =>
  metric === 'e2e_or_abandoned' ? [] : namedFigures(metric, { mean, p50: p50_ms, p90: p90_ms, p95: p95_ms, p99: p99_ms, max }, 1, n);
