import { z } from 'zod';
import { KIND_TEXT, PHASE_TEXT, scheduleName } from '../parallel/wording.ts';
import { defineTable, MOST_MARKS, round } from './chart.ts';
import { type Bar, ganttOf, laneName, mark } from './gantt-rows.ts';

/** Room that a bar leaves above and below itself: there, the phase is seen. */
const INSET = 0.16;
/** Beyond so many, arrowheads would hide what they point at. */
const MOST_HEADS = 400;
/** From so many bars in a row on, they are narrow. */
const CROWDED = 100;
/** Lower lanes hold no text. */
const READABLE = 14;

export const kindTitle = (kind: Bar['kind']) => (kind === 'several' ? 'several, joined' : KIND_TEXT[kind]);

export const OPERATION = defineTable({
  name: 'gantt_operation',
  schema: z.strictObject({
    schedule: z.string(),
    device: z.string(),
    kind: z.string(),
    microbatch: z.string(),
    stage: z.string(),
    start_ms: z.number(),
    end_ms: z.number(),
    mid_ms: z.number(),
    dur_ms: z.number(),
    top: z.number(),
    bottom: z.number(),
    middle: z.number(),
    edge: z.number(),
    label: z.string(),
    room: z.number(),
  }),
  columns: {
    schedule: 'Schedule',
    device: 'Device',
    kind: 'Operation',
    microbatch: 'Microbatch',
    stage: 'Virtual stage',
    start_ms: 'From (ms)',
    end_ms: 'To (ms)',
    dur_ms: 'Took (ms)',
  },
  rows: report => {
    const { laid, lane } = ganttOf(report);
    return laid.lanes.flatMap(({ item, top, bottom }) =>
      item.bars.map(bar => {
        const one = bar.operations === 1;
        const label = one && lane >= READABLE ? mark(bar, item.schedule) : '';
        return {
          schedule: scheduleName(item.schedule),
          device: laneName(item),
          kind: kindTitle(bar.kind),
          microbatch: one ? String(bar.microbatch) : `${bar.operations} operations`,
          stage: one ? String(bar.stage) : 'several',
          start_ms: round(bar.start_ms, 4),
          end_ms: round(bar.end_ms, 4),
          mid_ms: round((bar.start_ms + bar.end_ms) / 2, 4),
          dur_ms: round(bar.end_ms - bar.start_ms, 4),
          top: round(top + INSET * lane, 2),
          bottom: round(bottom - INSET * lane, 2),
          middle: (top + bottom) / 2,
          // Outlines part neighbours, but would cover bars that are not much wider.
          edge: item.bars.length > CROWDED ? 0.1 : 0.5,
          label,
          room: 6.5 * label.length + 3,
        };
      }),
    );
  },
});

export const LANE = defineTable({
  name: 'gantt_lane',
  schema: z.strictObject({
    name: z.string(),
    top: z.number(),
    bottom: z.number(),
    middle: z.number(),
    end_ms: z.number(),
    zero: z.number(),
  }),
  columns: {},
  rows: report => {
    const { laid, drawn } = ganttOf(report);
    return laid.lanes.map(({ item, group, top, bottom }) => ({
      name: laneName(item),
      top,
      bottom,
      middle: (top + bottom) / 2,
      zero: 0,
      end_ms: round(drawn[group]?.length_ms ?? 0, 4),
    }));
  },
});

export const PHASE = defineTable({
  name: 'gantt_phase',
  schema: z.strictObject({ phase: z.string(), top: z.number(), bottom: z.number(), start_ms: z.number(), end_ms: z.number() }),
  columns: {},
  rows: report =>
    ganttOf(report).laid.lanes.flatMap(({ item, top, bottom }) =>
      item.phases.map(({ phase, start_ms, end_ms }) => ({
        phase: PHASE_TEXT[phase],
        top: top + 1,
        bottom: bottom - 1,
        start_ms: round(start_ms, 4),
        end_ms: round(end_ms, 4),
      })),
    ),
});

export const HANDOFF = defineTable({
  name: 'gantt_handoff',
  schema: z.strictObject({
    what: z.string(),
    start_ms: z.number(),
    end_ms: z.number(),
    dur_ms: z.number(),
    from_y: z.number(),
    to_y: z.number(),
    head: z.boolean(),
    down: z.boolean(),
  }),
  columns: {},
  rows: report => {
    const { drawn, laid, lane } = ganttOf(report);
    const all = drawn.flatMap((d, group) => d.handoffs.map(h => ({ ...h, group })));
    const edge = (group: number, rank: number, down: boolean) => {
      const found = laid.lanes.find(l => l.group === group && l.item.rank === rank);
      return found && (down ? found.bottom - INSET * lane : found.top + INSET * lane);
    };
    // All or none of a report's hand-offs: some of them would look as if the others had not been.
    if (all.length > (2 / 3) * MOST_MARKS) return [];
    return all.flatMap(h => {
      const down = h.to_rank > h.from_rank;
      const [from, to] = [edge(h.group, h.from_rank, down), edge(h.group, h.to_rank, !down)];
      if (from === undefined || to === undefined) return [];
      return [
        {
          what: `${KIND_TEXT[h.kind]} of microbatch ${h.microbatch}, position ${h.from_rank} to ${h.to_rank}`,
          start_ms: round(h.start_ms, 4),
          end_ms: round(h.end_ms, 4),
          dur_ms: round(h.end_ms - h.start_ms, 4),
          from_y: round(from, 2),
          to_y: round(to, 2),
          head: all.length <= MOST_HEADS,
          down,
        },
      ];
    });
  },
});
