import { itemAt, realAt, valueAt } from '#core/columns';
import type { Ms, Ns } from '#core/units';
import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';
import type { SteppedTraining, StepTimes, TrainingFacts, UnsteppedTraining } from '#multi-gpu/training/facts';
import type { RankBreakdown, SlowStep } from '#multi-gpu/training/slow-steps';
import type { NoUtilisation, Utilisation } from '#multi-gpu/training/utilisation';
import type { Training } from '#schema/training';
import { nameOf } from '../parallel/schedule-names.ts';
import { trainingAnswer } from './answer.ts';
import { booksOfSteps } from './books.ts';
import { limitsOfTraining } from './limits.ts';
import { peakWords } from './wording.ts';

const toMs = (ns: Ns): Ms => ns / 1e6;
/** Points of the chart of each rank. */
const POINTS = 1500;

const timesRow = (t: Omit<StepTimes, 'device'>, device: string): Training['ranks'][number] => ({
  rank: t.rank,
  device,
  steps: t.steps,
  median_ms: toMs(t.median),
  p90_ms: toMs(t.p90),
  p99_ms: toMs(t.p99),
  max_ms: toMs(t.max),
  limit_ms: t.limit === undefined ? null : toMs(t.limit),
});

const utilisationRow = (u: Utilisation | NoUtilisation | undefined): Training['utilisation'] =>
  u === undefined || 'lacks' in u
    ? null
    : {
        flops_per_step: u.flopsPerStep,
        from: u.from,
        peak_flops: u.peak.flops,
        peak: peakWords(u.peak),
        gpus: u.gpus,
        median_share: u.median,
        mean_share: u.mean,
      };

const tokensRow = ({ tokens }: Pick<SteppedTraining, 'tokens'>) => ({
  tokens_per_step: tokens?.perStep ?? null,
  tokens_per_second: tokens?.perSecond ?? null,
});

const causesOf = (causes: readonly CauseInIncident[], excess: Ns) =>
  causes.map(c => ({ cause: c.cause, excess_ms: toMs(c.excess), share: excess > 0 ? c.excess / excess : 0, subject: c.subject }));

function slowRow(t: SteppedTraining, step: SlowStep, from: Ns, incident: string): Training['slow'][number] {
  const labelOf = (r: RankBreakdown) => itemAt(t.times, r.rank).rank;
  const { late } = step;
  const { breakdown } = late;
  return {
    number: (t.lockstep || t.times.length === 1 ? step.place : breakdown.step) + 1,
    start_ms: toMs(breakdown.start + valueAt(t.shifts, late.rank) - from),
    duration_ms: toMs(breakdown.end - breakdown.start),
    usual_ms: toMs(breakdown.usual),
    excess_ms: toMs(breakdown.excess),
    rank: labelOf(late),
    causes: causesOf(breakdown.causes, breakdown.excess),
    others: step.others.map(o => ({
      rank: labelOf(o),
      duration_ms: toMs(o.breakdown.end - o.breakdown.start),
      excess_ms: toMs(o.breakdown.excess),
      causes: causesOf(o.breakdown.causes, o.breakdown.excess),
    })),
    incident,
  };
}

/** Every slow step, and of the others evenly as many as a chart can show. */
function pointsOf(t: SteppedTraining, from: Ns): Training['points'] {
  return t.ledgers.flatMap((ledger, r) => {
    const { steps, rank, isSlow } = ledger;
    const every = Math.max(1, Math.ceil(steps.n / POINTS));
    const rows = Array.from({ length: steps.n }, (_, i) => i).filter(i => i % every === 0 || isSlow(i));
    return rows.map(i => ({
      rank: rank.label,
      number: i + 1,
      t_ms: toMs(realAt(steps.start, i) + valueAt(t.shifts, r) - from),
      duration_ms: toMs(realAt(steps.end, i) - realAt(steps.start, i)),
      slow: isSlow(i),
    }));
  });
}

function wordSteps(t: SteppedTraining, from: Ns): Training {
  const incidentOf = new Map(t.stretches.flatMap((s, k) => s.steps.map(step => [step, `I${k + 1}`] as const)));
  const slow = t.slow.map((s, k) => slowRow(t, s, from, incidentOf.get(k) ?? ''));
  const rest = {
    by: t.found.by,
    mark: t.found.mark,
    sure: t.found.sure,
    alike_share: t.found.alike,
    lockstep: t.lockstep,
    ranks: t.times.map(x => timesRow(x, x.device)),
    ...booksOfSteps(slow),
    slow,
    utilisation: utilisationRow(t.utilisation),
    ...tokensRow(t),
    points: pointsOf(t, from),
    cannot_tell: limitsOfTraining(t),
  };
  return { answer: trainingAnswer(rest), ...rest };
}

function wordWhole(t: UnsteppedTraining): Training {
  const isPipeline = t.iterations.length > 0;
  const rest = {
    by: isPipeline ? ('pipeline-iterations' as const) : null,
    mark: '',
    sure: isPipeline ? ('high' as const) : null,
    alike_share: isPipeline ? 1 : 0,
    lockstep: isPipeline,
    ranks: t.iterations.map(i => timesRow({ ...i, rank: nameOf(i), limit: undefined }, 'all')),
    ...booksOfSteps([]),
    slow: [],
    utilisation: utilisationRow(t.utilisation),
    ...tokensRow(t),
    points: [],
    cannot_tell: limitsOfTraining(t),
  };
  return { answer: trainingAnswer(rest), ...rest };
}

/** The steps of a training in the report's words. @param from start of the window, ns */
export const wordTraining = (facts: TrainingFacts, from: Ns): Training =>
  facts.found === undefined ? wordWhole(facts) : wordSteps(facts, from);
