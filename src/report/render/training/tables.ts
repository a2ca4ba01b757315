import { ms, percent, plain, seconds } from '#core/format/numbers';
import type { Training } from '#schema/training';
import { type Listing, listing } from '../parallel/listing.ts';

/** Slow steps that are shown one by one; report.json holds them all. */
const SHOWN = 24;

/** How long steps took: of each rank, or of each schedule of a pipeline. */
export const stepTimes = ({ ranks, by }: Training): Listing =>
  listing('How long steps took', ranks, [
    { head: by === 'pipeline-iterations' ? 'Schedule' : 'Rank', text: r => r.rank },
    { head: 'Device', text: r => r.device },
    { head: 'Steps', text: r => plain(r.steps), numeric: true },
    { head: 'Median', text: r => ms(r.median_ms), numeric: true },
    { head: 'p90', text: r => ms(r.p90_ms), numeric: true },
    { head: 'p99', text: r => ms(r.p99_ms), numeric: true },
    { head: 'Longest', text: r => ms(r.max_ms), numeric: true },
    { head: 'Slow beyond', text: r => (r.limit_ms === null ? 'not known' : ms(r.limit_ms)), numeric: true },
  ]);

/** What the slow steps lost to each cause; the shares add up to one. */
export const stepBooks = ({ books }: Training): Listing =>
  listing('What made steps slow; wall time, that of waiting ranks counted once', books, [
    { head: 'Cause', text: b => b.cause, cause: true },
    { head: 'What', text: b => b.subject, prose: true },
    { head: 'Rank', text: b => b.ranks.join(', ') },
    { head: 'Steps', text: b => plain(b.steps), numeric: true },
    { head: 'Time lost', text: b => ms(b.excess_ms), numeric: true },
    { head: 'Share', text: b => percent(b.share), numeric: true },
  ]);

const worstOf = ({ slow }: Training) =>
  slow
    .toSorted((a, b) => b.excess_ms - a.excess_ms || a.start_ms - b.start_ms)
    .slice(0, SHOWN)
    .toSorted((a, b) => a.start_ms - b.start_ms);

/** The books of the slow steps, a cause a row: the parts of a step add up to its excess. */
export const slowSteps = (training: Training): Listing =>
  listing(
    training.slow.length > SHOWN ? `The ${SHOWN} slowest of ${plain(training.slow.length)} slow steps` : 'The slow steps',
    worstOf(training).flatMap(s => s.causes.map((c, k) => ({ ...s, ...{ part: c, isFirst: k === 0 } }))),
    [
      { head: 'Step', text: s => (s.isFirst ? plain(s.number) : ''), numeric: true },
      { head: 'At', text: s => (s.isFirst ? seconds(s.start_ms) : ''), numeric: true },
      { head: 'Took', text: s => (s.isFirst ? ms(s.duration_ms) : ''), numeric: true },
      { head: 'Time lost', text: s => (s.isFirst ? ms(s.excess_ms) : ''), numeric: true },
      { head: 'Rank', text: s => (s.isFirst ? s.rank : '') },
      { head: 'Cause', text: s => s.part.cause, cause: true },
      { head: 'What', text: s => s.part.subject, prose: true },
      { head: 'Of it', text: s => ms(s.part.excess_ms), numeric: true },
    ],
  );

/** What the other ranks did in the same steps. */
export const waitingRanks = (training: Training): Listing =>
  listing(
    'The other ranks in these steps',
    worstOf(training).flatMap(s =>
      s.others.flatMap(o =>
        o.causes.map((c, k) => ({ number: s.number, isFirst: k === 0, rank: o.rank, excess_ms: o.excess_ms, part: c })),
      ),
    ),
    [
      { head: 'Step', text: s => (s.isFirst ? plain(s.number) : ''), numeric: true },
      { head: 'Rank', text: s => (s.isFirst ? s.rank : '') },
      { head: 'Time lost', text: s => (s.isFirst ? ms(s.excess_ms) : ''), numeric: true },
      { head: 'Cause', text: s => s.part.cause, cause: true },
      { head: 'What', text: s => s.part.subject, prose: true },
      { head: 'Of it', text: s => ms(s.part.excess_ms), numeric: true },
    ],
  );
