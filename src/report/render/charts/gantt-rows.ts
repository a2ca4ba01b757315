import type { Schedule } from '#schema/pipeline';
import type { Report } from '#schema/report';
import { deviceAt, type Handoff, type Operation, type PhaseName, scheduleName, shape } from '../parallel/wording.ts';
import { MOST_MARKS } from './chart.ts';
import { laid } from './lanes.ts';

/** More rows than this make a picture that nobody can hold in view: the schedules after them are not drawn. */
const MOST_LANES = 96;
/** Hand-offs and labels want their share of the marks, too. */
const MOST_BARS = (7 / 9) * MOST_MARKS;

export interface Bar {
  readonly kind: Operation['kind'] | 'several';
  readonly microbatch: number;
  readonly stage: number;
  /** Operations in it; the microbatch and the stage are the first one's. */
  readonly operations: number;
  readonly start_ms: number;
  readonly end_ms: number;
}

interface Row {
  readonly schedule: Schedule;
  readonly rank: number;
  readonly bars: readonly Bar[];
  readonly phases: readonly { readonly phase: PhaseName; readonly start_ms: number; readonly end_ms: number }[];
}

/** One schedule, its times counted from the start of the iteration that is drawn. */
export interface Drawn {
  readonly schedule: Schedule;
  readonly length_ms: number;
  /** The widest gap over which operations were joined; null where every one has its bar. */
  readonly joined_ms: number | null;
  readonly rows: readonly Row[];
  readonly handoffs: readonly Handoff[];
}

const size = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + row.bars.length, 0);

/** Gaps below this part of the picture are all alike to the eye. */
const FINEST = 4096;

/**
 * Thinning would leave holes that look like bubbles. So neighbours are joined: as many as needed, those with the narrowest
 * gap between them first, and among these the shortest.
 */
function fewEnough(drawn: Drawn, most: number): Drawn {
  const need = size(drawn.rows) - most;
  if (need <= 0) return drawn;
  const seams = drawn.rows.flatMap((row, at) =>
    row.bars.slice(1).map((bar, i) => {
      const before = row.bars[i] ?? bar;
      const gap = Math.max(0, bar.start_ms - before.end_ms);
      return { at, bar, gap, coarse: Math.floor((gap / drawn.length_ms) * FINEST), span: bar.end_ms - before.start_ms };
    }),
  );
  const closed = seams.toSorted((a, b) => a.coarse - b.coarse || a.span - b.span).slice(0, Math.ceil(need));
  const joins = new Set(closed.map(seam => seam.bar));
  const rows = drawn.rows.map(row => ({ ...row, bars: joined(row.bars, joins) }));
  return { ...drawn, rows, joined_ms: closed.reduce((widest, seam) => Math.max(widest, seam.gap), 0) };
}

/** Those that join become one with the bar before them. */
function joined(bars: readonly Bar[], joins: ReadonlySet<Bar>): Bar[] {
  const out: Bar[] = [];
  for (const bar of bars) {
    const last = out.at(-1);
    if (last === undefined || !joins.has(bar)) out.push(bar);
    else {
      const operations = last.operations + bar.operations;
      const kind = last.kind === bar.kind ? bar.kind : 'several';
      out[out.length - 1] = { ...last, kind, operations, end_ms: Math.max(last.end_ms, bar.end_ms) };
    }
  }
  return out;
}

/** What small schedules leave of the room goes to the large ones. */
function withinMarks(all: readonly Drawn[]): readonly Drawn[] {
  let room = MOST_BARS;
  const fitted = new Map<Drawn, Drawn>();
  const bySize = all.toSorted((a, b) => size(a.rows) - size(b.rows));
  for (const [i, one] of bySize.entries()) {
    const fit = fewEnough(one, room / (bySize.length - i));
    room -= size(fit.rows);
    fitted.set(one, fit);
  }
  return all.map(one => fitted.get(one) ?? one);
}

function phasesOf(operations: readonly Operation[]): Row['phases'] {
  const found = new Map<PhaseName, { start_ms: number; end_ms: number }>();
  for (const { phase, start_ms, end_ms } of operations) {
    if (phase === null) continue;
    const known = found.get(phase);
    found.set(phase, { start_ms: Math.min(start_ms, known?.start_ms ?? start_ms), end_ms: Math.max(end_ms, known?.end_ms ?? end_ms) });
  }
  return [...found].map(([phase, times]) => ({ phase, ...times }));
}

function drawnOf(schedule: Schedule): Drawn {
  const { operations, handoffs } = schedule.gantt;
  const zero = operations.reduce((least, o) => Math.min(least, o.start_ms), Infinity);
  const shift = <T extends { start_ms: number; end_ms: number }>(x: T): T => ({
    ...x,
    start_ms: x.start_ms - zero,
    end_ms: x.end_ms - zero,
  });
  const all = operations.map(shift).toSorted((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
  const ranks = all.reduce((most, o) => Math.max(most, o.rank + 1), schedule.p);
  const rows = Array.from({ length: ranks }, (_, rank) => {
    const mine = all.filter(o => o.rank === rank);
    return { schedule, rank, bars: mine.map(o => ({ ...o, operations: 1 })), phases: phasesOf(mine) };
  });
  return {
    schedule,
    rows,
    joined_ms: null,
    handoffs: handoffs.map(shift),
    length_ms: all.reduce((most, o) => Math.max(most, o.end_ms), 0),
  };
}

const laneHeight = (lanes: number) => (lanes <= 8 ? 30 : lanes <= 24 ? 22 : lanes <= 48 ? 16 : 10);

export interface Gantt {
  readonly drawn: readonly Drawn[];
  readonly left: readonly Schedule[];
  readonly lane: number;
  readonly laid: ReturnType<typeof laid<Row>>;
  readonly longest_ms: number;
}

function gantt({ pipeline }: Report): Gantt {
  const some = (pipeline?.schedules ?? []).filter(s => s.gantt.operations.length > 0);
  const chosen: Drawn[] = [];
  let lanes = 0;
  for (const one of some.map(drawnOf)) {
    if (lanes > 0 && lanes + one.rows.length > MOST_LANES) break;
    chosen.push({ ...one, rows: one.rows.slice(0, MOST_LANES) });
    lanes += one.rows.length;
  }
  const drawn = withinMarks(chosen);
  const lane = laneHeight(lanes);
  const groups = drawn.map(({ schedule, rows }) => ({ title: `${scheduleName(schedule)}: ${shape(schedule)}`, items: rows }));
  const longest_ms = drawn.reduce((most, d) => Math.max(most, d.length_ms), 0);
  return { drawn, left: some.slice(drawn.length), lane, laid: laid(groups, lane), longest_ms };
}

const kept = new WeakMap<Report, Gantt>();

/** Several tables draw on it: laid out once a report. */
export function ganttOf(report: Report): Gantt {
  const known = kept.get(report) ?? gantt(report);
  kept.set(report, known);
  return known;
}

export const laneName = ({ schedule, rank }: Row) => deviceAt(schedule, rank);

/** Second and further virtual stages of a device carry primes. */
export const mark = ({ stage, microbatch }: Bar, { p }: Schedule) => {
  const turn = Math.floor(stage / Math.max(1, p));
  return `${microbatch}${turn <= 3 ? '′'.repeat(turn) : `·${turn + 1}`}`;
};
