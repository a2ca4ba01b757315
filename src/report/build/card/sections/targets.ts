import { plain } from '#core/format/numbers';
import { metricName } from '#schema/run';
import type { TargetResult } from '#schema/targets';
import { type CardDocuments, row } from '../documents.ts';

const BOUND: Readonly<Record<TargetResult['bound'], string>> = { at_least: '≥', above: '>', at_most: '≤', below: '<' };
const ENERGY = /tok\/J|usd|power/;

/** Whether a target is on energy or cost; the others are on what the server gives. */
export const isOnEnergy = ({ metric }: Pick<TargetResult, 'metric'>): boolean => ENERGY.test(metric);

/** Targets as rows. */
export const targetRows = ({ judgements, comparisons }: CardDocuments, isAsked: (target: TargetResult) => boolean) =>
  [
    ...judgements.map(({ source, data }) => ({ source, results: data.results })),
    ...comparisons.map(({ source, data }) => ({ source, results: data.targets ?? [] })),
  ].flatMap(({ source, results }) =>
    results.filter(isAsked).map(target =>
      row(metricName(target), target.verdict, {
        figure: target.worst === null ? null : `${plain(target.worst)} ${target.unit}`.trimEnd(),
        ...{ value: target.worst, unit: target.unit, source, reason: target.reason === '' ? target.note : target.reason },
        limit: `${BOUND[target.bound]} ${plain(target.limit)} ${target.unit}`.trimEnd(),
      }),
    ),
  );
