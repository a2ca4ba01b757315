import { change, changeRange, plain, wallClock } from '#core/format/numbers';
import type { History, StepChange } from '#schema/history';
import { metricName } from '#schema/run';
import { tableLines } from './table.ts';

const withUnit = (value: number, unit: string): string => `${plain(value)}${unit === '' ? '' : ` ${unit}`}`;
const momentText = ({ commit, time_ns, run }: StepChange['at']): string => commit ?? (time_ns === null ? run : wallClock(time_ns));

/** A history for a terminal: the latest change first. */
export const historyLines = ({ answer, changes, notes }: History): string[] => [
  answer,
  ...(changes.length === 0
    ? []
    : [
        '',
        ...tableLines([
          ['metric', 'last before', 'first after', 'before', 'after', 'change', '95 % interval', 'runs', ''],
          ...changes.map(step => [
            metricName(step),
            momentText(step.after),
            momentText(step.at),
            withUnit(step.base, step.unit),
            withUnit(step.level, step.unit),
            step.ratio === null ? '–' : change(step.ratio - 1),
            step.ratio_ci === null ? '–' : changeRange(step.ratio_ci),
            `${step.runs[0]}, ${step.runs[1]}`,
            step.direction === 'changed' ? '' : step.direction,
          ]),
        ]),
      ]),
  '',
  ...notes,
];
