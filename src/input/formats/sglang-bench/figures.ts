import { servingFigures } from '#input/formats/shared/serving-figures';
import { figuresOf } from '#input/series/latency-figures';
import type { LatencyFigure } from '#schema/relation';
import type { SglangRun } from './schema.ts';

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

export const latencyOf = (run: SglangRun, fields: Readonly<Record<string, unknown>>): LatencyFigure[] => {
  if (run.completed === 0) return [];
  const exact = exactFigures(run);
  return exact.length > 0 ? exact : servingFigures(fields, run.completed);
};
