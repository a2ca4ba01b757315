import { median } from 'd3-array';
import { bytes, gbps, ms, percent, plain, points, range, us } from '#core/format/numbers';
import type { Pipeline, Schedule } from '#schema/pipeline';
import { type Listing, listing } from './listing.ts';
import {
  type CopyPair,
  excessParts,
  PATH_TEXT,
  PHASE_TEXT,
  type StageBubble,
  scheduleName,
  shape,
  shareOf,
  times,
  WHY_TEXT,
} from './wording.ts';

const NONE = 'not known';
const known = (value: number | null, text: (value: number) => string) => (value === null ? NONE : text(value));
const span = (values: readonly number[]) =>
  values.length === 0
    ? NONE
    : range(
        values.reduce((a, b) => Math.min(a, b)),
        values.reduce((a, b) => Math.max(a, b)),
      );

type Of<T> = { readonly schedule: Schedule; readonly of: T };
const each = <T>(pipeline: Pipeline, items: (schedule: Schedule) => readonly T[]): Of<T>[] =>
  pipeline.schedules.flatMap(schedule => items(schedule).map(of => ({ schedule, of })));
const NAME = { head: 'Schedule', text: ({ schedule }: Of<unknown>) => scheduleName(schedule) };

export const schedules = ({ schedules: all }: Pipeline): Listing =>
  listing('Schedules that ran', all, [
    { head: 'Schedule', text: scheduleName },
    { head: 'Shape', text: shape },
    { head: 'Iterations', text: s => plain(s.iterations), numeric: true },
    { head: 'Iteration, median', text: s => known(median(s.iteration_ms) ?? null, ms), numeric: true },
    { head: 'Shortest–longest', text: s => span(s.iteration_ms), numeric: true },
    { head: 'Simulated', text: s => ms(s.simulated_ms), numeric: true },
    { head: 'Longest stage alone', text: s => known(s.ideal_ms, ms), numeric: true },
    { head: 'How it was recognised', text: s => s.detected, prose: true },
  ]);

export const bubbles = (pipeline: Pipeline): Listing =>
  listing(
    'Bubble of each device, a mean iteration',
    each<StageBubble>(pipeline, s => s.bubble),
    [
      NAME,
      { head: 'Device', text: b => b.of.device },
      { head: 'Bubble (share of the iteration)', text: b => points(b.of.measured_share), numeric: true },
      { head: 'Least–most', text: b => b.of.measured_share_range.map(points).join(' – '), numeric: true },
      { head: 'In theory', text: b => known(b.of.theory_share, points), numeric: true },
      { head: 'Simulated', text: b => points(b.of.simulated_share), numeric: true },
      { head: 'Overhead on ideal time', text: b => points(b.of.measured_overhead), numeric: true },
      { head: 'Compute', text: b => ms(b.of.compute_ms), numeric: true },
      { head: 'Idle', text: b => ms(b.of.idle_ms), numeric: true },
      { head: 'Exposed communication', text: b => ms(b.of.exposed_communication_ms), numeric: true },
      { head: 'Copies it sends, hidden', text: b => known(b.of.copies_hidden_share ?? null, percent), numeric: true },
      { head: 'Microbatches in flight', text: b => plain(b.of.peak_microbatches), numeric: true },
    ],
  );

export const excess = (pipeline: Pipeline): Listing =>
  listing(
    'Device time beyond theory, a mean iteration, all devices together',
    each(pipeline, s => excessParts(s)),
    [
      NAME,
      { head: 'Why', text: e => WHY_TEXT[e.of.why] },
      { head: 'Time', text: e => ms(e.of.ms), numeric: true },
      { head: 'Share', text: e => known(shareOf(e.of.ms, e.schedule.excess_ms), percent), numeric: true },
    ],
  );

export const launchCauses = (pipeline: Pipeline): Listing =>
  listing(
    'Launches that came late, by what the launching thread did meanwhile; device time, a mean iteration',
    each(pipeline, s => s.launch_causes ?? []),
    [
      NAME,
      { head: 'Cause', text: l => l.of.cause, cause: true },
      { head: 'Time', text: l => ms(l.of.ms), numeric: true },
      { head: 'Longest in', text: l => l.of.subject },
    ],
  );

export const handoffs = ({ schedules: all }: Pipeline): Listing =>
  listing('Hand-offs between stages', all, [
    { head: 'Schedule', text: scheduleName },
    { head: 'Hand-offs', text: s => plain(s.handoffs.count), numeric: true },
    { head: 'In theory', text: s => known(s.handoffs.expected, plain), numeric: true },
    { head: 'Size, median', text: s => known(s.handoffs.bytes, bytes), numeric: true },
    { head: 'Copy, median', text: s => known(s.handoffs.median_us, us), numeric: true },
    { head: 'Rate', text: s => known(s.handoffs.gbps, gbps), numeric: true },
    { head: 'End of producer to start of consumer, median', text: s => known(s.handoffs.latency_us, us), numeric: true },
    { head: 'Hidden at the source', text: s => known(s.handoffs.hidden_share, percent), numeric: true },
    { head: 'Hidden at the destination', text: s => known(s.handoffs.hidden_share_destination, percent), numeric: true },
    { head: 'Through the host', text: s => plain(s.handoffs.staged), numeric: true },
    { head: 'Copy time lost by that', text: s => (s.handoffs.staged === 0 ? '–' : known(s.handoffs.staged_lost_ms, ms)), numeric: true },
    {
      head: 'Device time lost, an iteration',
      text: s => (s.handoffs.staged === 0 ? '–' : known(s.handoffs.staged_stall_ms ?? null, ms)),
      numeric: true,
    },
  ]);

export const phases = (pipeline: Pipeline): Listing =>
  listing(
    'Phases of each stage, in the iteration that is drawn',
    each(pipeline, s => s.phases),
    [
      NAME,
      { head: 'Stage', text: x => plain(x.of.stage), numeric: true },
      { head: 'Phase', text: x => PHASE_TEXT[x.of.phase] },
      { head: 'From, in the trace', text: x => ms(x.of.start_ms), numeric: true },
      { head: 'To', text: x => ms(x.of.end_ms), numeric: true },
      { head: 'Forwards', text: x => plain(x.of.forwards), numeric: true },
      { head: 'Backwards', text: x => plain(x.of.backwards), numeric: true },
    ],
  );

export const whatIfs = (pipeline: Pipeline): Listing =>
  listing(
    'What mending one thing would gain',
    each(pipeline, s => s.what_if.toSorted((a, b) => b.speedup - a.speedup)),
    [NAME, { head: 'What if', text: w => w.of.what, prose: true }, { head: 'Speed-up', text: w => times(w.of.speedup), numeric: true }],
  );

/** More places than this make a matrix wider than any screen; the list says the same. */
const WIDEST = 16;
const unique = (names: readonly string[]) => [...new Set(names)];

const cell = (pairs: readonly CopyPair[]) =>
  pairs.length === 0
    ? '–'
    : pairs
        .map(c => `${c.gbps === null ? '' : `${gbps(c.gbps)}, `}${bytes(c.bytes)}${c.path === 'staged' ? ' (through the host)' : ''}`)
        .join('; ');

/** Who copied to whom; null where the list of pairs is as short. */
export function copyMatrix({ copies }: Pipeline): Listing | null {
  const from = unique(copies.map(c => c.source));
  // In the order of the rows, so that what a device copies to itself would lie on the diagonal.
  const to = unique([...from, ...copies.map(c => c.destination)]).filter(place => copies.some(c => c.destination === place));
  if (copies.length < 2 || from.length > WIDEST || to.length > WIDEST) return null;
  return listing('Copies by source (rows) and destination (columns): rate and bytes', from, [
    { head: 'From \\ to', text: source => source },
    ...to.map(destination => ({
      head: destination,
      text: (source: string) => cell(copies.filter(c => c.source === source && c.destination === destination)),
      numeric: true,
    })),
  ]);
}

export const copies = ({ copies: all }: Pipeline): Listing =>
  listing('Copies between devices', all, [
    { head: 'From', text: c => c.source },
    { head: 'To', text: c => c.destination },
    { head: 'Path', text: c => PATH_TEXT[c.path] },
    { head: 'Copies', text: c => plain(c.count), numeric: true },
    { head: 'Bytes', text: c => bytes(c.bytes), numeric: true },
    { head: 'Rate', text: c => known(c.gbps, gbps), numeric: true },
    { head: 'Copy, median', text: c => known(c.median_us, us), numeric: true },
    { head: 'Hidden under compute', text: c => known(c.hidden_share, percent), numeric: true },
    { head: 'Lost by staging', text: c => (c.path === 'staged' ? known(c.staged_lost_ms ?? null, ms) : '–'), numeric: true },
    {
      head: 'How the path was judged',
      text: c => (c.staged_against ? `${c.why}. Compared with ${c.staged_against}` : c.why),
      prose: true,
    },
  ]);

const change = ([before, after]: readonly [number, number], text: (value: number) => string) => `${text(before)} → ${text(after)}`;

export const comparison = ({ comparison: all }: Pipeline): Listing =>
  listing('Compared', all, [
    { head: 'Before', text: c => c.before },
    { head: 'After', text: c => c.after },
    { head: 'Speed-up', text: c => times(c.speedup), numeric: true },
    {
      head: '95 % interval',
      text: c => (c.speedup_ci === null ? 'too few iterations for one' : c.speedup_ci.map(times).join(' – ')),
      numeric: true,
    },
    { head: 'Bubble', text: c => change(c.bubble_share, points), numeric: true },
    { head: 'Exposed communication', text: c => change(c.exposed_communication_ms, ms), numeric: true },
    { head: 'Microbatches in flight', text: c => change(c.peak_microbatches, plain), numeric: true },
    {
      head: 'What makes it no fair comparison',
      text: c => (c.differences.length === 0 ? 'nothing that is known' : c.differences.join('; ')),
      prose: true,
    },
  ]);
