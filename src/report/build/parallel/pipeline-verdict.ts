import { percent, points } from '#core/format/numbers';
import type { Share } from '#core/units';
import type { Schedule } from '#schema/pipeline';
import { isLaunchBound, LEAST_PART, lateOf, lateText, list, mean, theoryOf, WHY } from './excess-parts.ts';
import { LEAST_SHARE, stallsOf } from './pipeline-causes.ts';
import { nameOf } from './schedule-names.ts';

/** A label that all schedules share tells none from another: the lines below have it. */
function shortNames(schedules: readonly Schedule[]): (s: Schedule) => string {
  const isShared = schedules.length > 1 && new Set(schedules.map(s => s.label)).size === 1;
  return s => nameOf(isShared ? { ...s, label: null } : s);
}

function bubblesOf(schedules: readonly Schedule[]): string {
  const shortName = shortNames(schedules);
  const bubbles = schedules.map(s => {
    const theory = theoryOf(s);
    const open = [...new Set((s.candidates ?? []).flatMap(c => (c.theory_share === null ? [] : [points(c.theory_share)])))];
    const told = theory !== null ? points(theory) : open.join(' or ');
    const beside = told === '' ? '' : ` (theory ${told})`;
    return `${points(mean(s.bubble.map(b => b.measured_share)))} with ${shortName(s)}${beside}`;
  });
  return `The bubble is ${list(bubbles)}`;
}

/** Whose launches came late. Where they are those of several devices, each stands still for its own and for those of the others. */
function whoseLaunches(s: Schedule): string {
  const ranks = s.launch_ranks ?? [];
  const total = ranks.reduce((n, r) => n + r.ms, 0);
  const [first, ...others] = ranks.filter(r => r.ms >= LEAST_PART * total);
  if (first === undefined || s.p < 2) return '';
  if (others.length > 0) return ", a device's own and its partners'";
  return ` on ${s.bubble.find(b => b.stage === first.stage)?.device ?? `stage ${first.stage}`}, which the others wait for`;
}

/** The late launches of the schedule that lost most to them. */
function lateLaunches(schedules: readonly Schedule[]): string {
  const [worst] = schedules.toSorted((a, b) => lateOf(b) * b.iterations - lateOf(a) * a.iterations);
  if (worst === undefined) return WHY['launch-starvation'];
  const help = isLaunchBound(worst) ? ': CUDA graphs, or fewer and larger launches, would help' : '';
  return `${lateText(worst)}${whoseLaunches(worst)}${help}`;
}

/** From the shortest iteration to the longest, of the mean one. */
const scatterOf = ({ iteration_ms }: Schedule): Share => (Math.max(...iteration_ms) - Math.min(...iteration_ms)) / mean(iteration_ms);

/** That nothing is urgent, where no single change would make iterations shorter by more than they differ anyway. */
function bestGain(schedules: readonly Schedule[]): string {
  const gains = schedules.map(s => ({ most: Math.max(0, ...s.what_if.map(w => w.speedup - 1)), scatter: scatterOf(s) }));
  if (schedules.every(s => s.what_if.length === 0) || gains.some(g => !(g.most < g.scatter))) return '';
  return ` No single change would speed it up by more than ${percent(Math.max(...gains.map(g => g.most)))}, which is less than iterations differ by.`;
}

/** The bubbles beside theory, the largest named reason for the difference, and what would help. What is not explained is no reason. */
export function pipelineVerdict(schedules: readonly Schedule[]): string {
  const said = bubblesOf(schedules);
  if (schedules.every(s => s.m === 0)) return `${said}.`;
  const time = schedules.reduce((n, s) => n + s.iteration_ms.reduce((a, b) => a + b, 0) * s.p, 0);
  const stalls = stallsOf(schedules);
  const stall = stalls.reduce((sum, { ms }) => sum + ms, 0);
  if (stall < LEAST_SHARE * time) return `${said}; the devices stand still no longer than that explains.`;
  const top = stalls.find(({ why, ms }) => why !== 'unexplained' && ms >= LEAST_SHARE * time);
  const unknown = stalls.find(({ why }) => why === 'unexplained')?.share ?? 0;
  const rest = `${percent(unknown)} is unexplained`;
  if (top === undefined) return `${said}; no cause that has a name stands out in the time beyond it. ${rest}.`;
  const beyond = schedules.some(s => theoryOf(s) !== null) ? 'theory' : 'the simulation';
  const reason = top.why === 'launch-starvation' ? lateLaunches(schedules) : WHY[top.why];
  return `${said}; ${percent(top.share)} of the time beyond ${beyond} goes to ${reason}.${unknown > top.share ? ` ${rest}.` : ''}${bestGain(schedules)}`;
}
