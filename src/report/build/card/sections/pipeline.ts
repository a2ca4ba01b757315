import { points } from '#core/format/numbers';
import type { Schedule } from '#schema/pipeline';
import { notMeasured, row, type SectionOf } from '../documents.ts';

const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;

/** The bubble beside that of theory; where that has none, beside the simulation with free hand-offs. */
function bubbleRow(source: string, { name, label, bubble }: Schedule) {
  const measured = mean(bubble.map(stage => stage.measured_share));
  const ideal = mean(bubble.map(stage => stage.theory_share ?? stage.simulated_share));
  // Every iteration of every stage stood still longer than it has to: by what, the report says.
  const isAbove = bubble.every(stage => stage.measured_share_range[0] > (stage.theory_share ?? stage.simulated_share));
  return row(`bubble of ${label ?? name}`, isAbove ? 'warn' : 'pass', {
    ...{ figure: points(measured), value: measured, limit: `${points(ideal)} by the schedule`, source },
    reason: isAbove ? 'all stages of all iterations stand still longer than the schedule asks for' : '',
  });
}

/** How much of a pipeline's time its stages stand still. */
export const pipeline: SectionOf = ({ reports }) => {
  const rows = reports.flatMap(({ source, data }) =>
    (data.pipeline?.schedules ?? []).filter(s => s.bubble.length > 0).map(schedule => bubbleRow(source, schedule)),
  );
  return { rows: rows.length === 0 ? [notMeasured('bubble', 'no trace of a pipeline is among the files')] : rows, figures: [] };
};
