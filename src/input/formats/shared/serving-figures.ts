import { namedFigures } from '#input/series/latency-figures';
import type { LatencyFigure } from '#schema/relation';

/** mean_ttft_ms, p99.9_itl_ms, max_e2e_latency_ms; without a unit (p99_e2el) they are in seconds. */
const FIGURE = /^(mean|median|std|max|p\d+(?:\.\d+)?)_(ttft|tpot|itl|e2el|e2e_latency)(_ms)?$/;
const METRIC = { ttft: 'ttft', tpot: 'tpot', itl: 'itl', e2el: 'e2e', e2e_latency: 'e2e' } as const;
const isMetric = (name: string): name is keyof typeof METRIC => Object.hasOwn(METRIC, name);
/** Which metrics have one value for each completed request: of the others the number of values is not told. */
const ONE_EACH: ReadonlySet<string> = new Set(['ttft', 'e2e']);

/** Whether a field is one of those latencies. */
export const isServingFigure = (field: string): boolean => FIGURE.test(field);

/**
 * The latencies that vLLM's serving benchmark and those made after it (InferenceX, SGLang) worked out, by the names of their fields; none
 * for a run without a success, of which they write zeros throughout. `completed` is how many requests succeeded, where that is told.
 */
export const servingFigures = (fields: Readonly<Record<string, unknown>>, completed: number | undefined): LatencyFigure[] =>
  Object.entries(fields).flatMap(([key, value]) => {
    const [, name = '', metric = '', ms] = FIGURE.exec(key) ?? [];
    if (completed === 0 || !isMetric(metric)) return [];
    const n = ONE_EACH.has(METRIC[metric]) ? (completed ?? null) : null;
    return namedFigures(METRIC[metric], { [name]: value }, ms === undefined ? 1000 : 1, n);
  });
