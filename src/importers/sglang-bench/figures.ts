import type { LatencyFigure } from '#model/relation';
import { namedFigures } from '../latency.ts';
import { figuresOf } from '../run-summary.ts';
import type { SglangRun } from './schema.ts';

/** mean_e2e_latency_ms, p99_ttft_ms, …; in ms. */
const FIGURE = /^(mean|median|std|max|p\d+)_(e2e_latency|ttft|tpot|itl)_ms$/;
const METRIC = { e2e_latency: 'e2e', ttft: 'ttft', tpot: 'tpot', itl: 'itl' } as const;
const isMetric = (name: string): name is keyof typeof METRIC => Object.hasOwn(METRIC, name);
/** Of these there is one value for each completed request; of the others the number of values is not told. */
const ONE_EACH: ReadonlySet<string> = new Set(['ttft', 'e2e_latency']);

/** What SGLang worked out; none for a run without a success, of which it writes zeros. */
const toldFigures = (fields: object, completed: number): LatencyFigure[] =>
  Object.entries(fields).flatMap(([key, value]) => {
    const [, name = '', metric = ''] = FIGURE.exec(key) ?? [];
    return isMetric(metric) ? namedFigures(METRIC[metric], { [name]: value }, 1, ONE_EACH.has(metric) ? completed : null) : [];
  });

/** What the durations of single requests give exactly. The end is the first token and all that came after it. */
const exactFigures = ({ ttfts, itls, output_lens, errors }: SglangRun): LatencyFigure[] => {
  const good = (ttfts ?? []).flatMap((ttft, i) => {
    const failed = (errors?.[i] ?? '') !== '' || (ttft === 0 && (output_lens?.[i] ?? 0) === 0);
    return failed ? [] : [{ ttft, itl: itls?.[i] ?? [], output: output_lens?.[i] ?? 0 }];
  });
  const streamed = good.filter(({ itl }) => itl.length > 0);
  const decoding = (itl: readonly number[]) => itl.reduce((sum, s) => sum + s, 0);
  return [
    ...figuresOf('e2e', itls ? good.map(({ ttft, itl }) => (ttft + decoding(itl)) * 1000) : []),
    ...figuresOf(
      'ttft',
      good.map(({ ttft }) => ttft * 1000),
    ),
    ...figuresOf(
      'tpot',
      streamed.flatMap(({ itl, output }) => (output > 1 ? [(decoding(itl) * 1000) / (output - 1)] : [])),
    ),
    ...figuresOf(
      'itl',
      streamed.flatMap(({ itl }) => itl.map(s => s * 1000)),
    ),
  ];
};

export const latencyOf = (run: SglangRun, fields: object): LatencyFigure[] => {
  if (run.completed === 0) return [];
  const exact = exactFigures(run);
  return exact.length > 0 ? exact : toldFigures(fields, run.completed);
};
