import { z } from 'zod';
import { count, ms } from '#core/format/numbers';
import { type Chart, defineTable, inSeconds, MOST_MARKS, round, thin } from './chart.ts';
import { SERIES } from './series.ts';

/** Slow steps stay, however many there are of the others. */
const STEP = defineTable({
  name: 'training_step',
  schema: z.strictObject({ rank: z.string(), number: z.number(), t_s: z.number(), duration_ms: z.number(), slow: z.boolean() }),
  columns: { rank: 'Rank', number: 'Step', t_s: 'Begins (s)', duration_ms: 'Took (ms)', slow: 'Slow' },
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
      slow: p.slow,
    }));
  },
});

export const STEP_TIMES: Chart = {
  name: 'step-times',
  title: 'How long each step took',
  reading: 'A mark is a step of a rank, large where it was slow. Higher is slower; the axis is logarithmic.',
  tables: [STEP],
  spec: {
    layer: [
      {
        data: { name: 'training_step' },
        mark: { type: 'point', filled: true, opacity: 0.8, aria: false },
        encoding: {
          x: {
            field: 't_s',
            type: 'quantitative',
            scale: { nice: false },
            axis: { title: 'time since the window began (s)', tickCount: 6 },
          },
          y: {
            field: 'duration_ms',
            type: 'quantitative',
            scale: { type: 'log', nice: true },
            axis: { title: 'step (ms, log)', tickCount: 5, format: '~r', minExtent: 44, maxExtent: 44 },
          },
          fill: { field: 'rank', type: 'nominal', scale: { range: SERIES }, legend: { title: 'rank' } },
          size: { field: 'slow', type: 'nominal', scale: { domain: [false, true], range: [10, 70] } },
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
  margin: { left: 66, bottom: 40 },
  absent: ({ training }) => (training === null || training.points.length === 0 ? 'No steps of a training were found.' : null),
  describe: ({ training }) => {
    const [first] = training?.ranks ?? [];
    if (training === null || first === undefined) return '';
    return `${count(first.steps, 'step')} of ${count(training.ranks.length, 'rank')}: ${ms(first.median_ms)} each (median of ${first.rank}), ${count(training.slow.length, 'slow step')} of up to ${ms(Math.max(0, ...training.slow.map(s => s.duration_ms)))}.`;
  },
};
