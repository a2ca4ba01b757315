import { z } from 'zod';
import { count, ms } from '#core/format/numbers';
import { type Chart, defineTable, inSeconds, MOST_MARKS, round, thin } from './chart.ts';
import { SERIES } from './series.ts';
import { SHOWN, shown, TIME_MARGIN, timeX, valueAxis } from './time-axis.ts';

/** Of a mark, in square pixels. */
const AREA = 10;
const SLOW_AREA = 70;

/** Slow steps stay, however many there are of the others. */
const STEP = defineTable({
  name: 'training_step',
  schema: z.strictObject({ rank: z.string(), number: z.number(), t_s: z.number(), duration_ms: z.number(), area: z.number() }),
  columns: { rank: 'Rank', number: 'Step', t_s: 'Begins (s)', duration_ms: 'Took (ms)' },
  rows: ({ training }) => {
    const points = training?.points ?? [];
    const slow = points.filter(p => p.slow).slice(0, MOST_MARKS / 2);
    const others = thin(
      points.filter(p => !p.slow),
      MOST_MARKS / 2,
    );
    return [...others, ...slow].map(p => ({
      rank: p.rank,
      number: p.number,
      t_s: inSeconds(p.t_ms),
      duration_ms: round(p.duration_ms, 3),
      area: p.slow ? SLOW_AREA : AREA,
    }));
  },
});

export const STEP_TIMES: Chart = {
  name: 'step-times',
  title: 'How long each step took',
  reading: 'A mark is a step of a rank, large where it was slow. Higher is slower; the axis is logarithmic.',
  tables: [STEP],
  spec: {
    params: SHOWN,
    layer: [
      {
        data: { name: 'training_step' },
        mark: { type: 'point', filled: true, clip: true, opacity: 0.8, aria: false },
        encoding: {
          x: timeX('t_s'),
          y: { field: 'duration_ms', type: 'quantitative', scale: { type: 'log', nice: true }, axis: valueAxis('step (ms, log)') },
          fill: { field: 'rank', type: 'nominal', scale: { range: SERIES }, legend: { title: 'rank' } },
          size: { field: 'area', type: 'quantitative', scale: null },
          tooltip: [
            { field: 'rank', type: 'nominal', title: 'rank' },
            { field: 'number', type: 'quantitative', title: 'step' },
            { field: 'duration_ms', type: 'quantitative', title: 'took (ms)', format: ',.2f' },
          ],
        },
      },
    ],
  },
  height: () => 200,
  margin: TIME_MARGIN,
  params: shown,
  absent: ({ training }) => (training === null || training.points.length === 0 ? 'No steps of a training were found.' : null),
  describe: ({ training }) => {
    const [first] = training?.ranks ?? [];
    if (training === null || first === undefined) return '';
    const longest = Math.max(...training.ranks.map(r => r.max_ms));
    return `${count(first.steps, 'step')} of ${count(training.ranks.length, 'rank')}: ${ms(first.median_ms)} each (median of ${first.rank}); ${count(training.slow.length, 'step')} slow, the longest ${ms(longest)}.`;
  },
};
