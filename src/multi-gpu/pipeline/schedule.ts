import { max, mean } from 'd3-array';
import { itemAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { lowerBound } from '#core/math/spans';
import type { Ms, Ns } from '#core/units';
import type { Links } from '#multi-gpu/peer-copies/topology';
import type { Schedule } from '#schema/pipeline';
import type { DeviceWork } from './devices.ts';
import { explainBubble, meanExplanation } from './excess.ts';
import type { ScheduleFacts } from './facts.ts';
import { handoffSummary } from './handoff-summary.ts';
import { handoffsOf, type NamedCopies } from './handoffs.ts';
import { launchesByCause, launchesByRank } from './late-launches.ts';
import type { DelayModel, MeasuredIteration } from './measured-task.ts';
import { markedPhases } from './named-phases.ts';
import type { Message } from './nccl-sends.ts';
import type { Iteration } from './operation.ts';
import { byRank, phasesOf, spanOf } from './phases.ts';
import { recognise } from './recognise.ts';
import type { Recognised } from './recognised.ts';
import { theoryOf } from './schedules/theory.ts';
import { stageBubble } from './stage-bubble.ts';
import { measureIteration } from './tasks.ts';
import type { Transfer } from './transfers.ts';
import { whatIfs } from './what-if.ts';

const NS_PER_MS = 1e6;

interface Run {
  readonly recognised: Recognised;
  readonly measured: MeasuredIteration;
}

/** Everything that the iterations of a trace share. */
export interface ScheduleContext {
  readonly devices: ReadonlyMap<string, DeviceWork>;
  readonly transfers: readonly Transfer[];
  /** What NCCL carried, where its own ranges tell. */
  readonly messages: readonly Message[];
  readonly named: NamedCopies;
  /** Start of the trace's window on the clock that all reports share. */
  readonly origin: Ns;
  /** What the links between the GPUs can do, where the case says. */
  readonly links: Links | undefined;
  /** What late launches and staged copies are judged by. */
  readonly delayModel: DelayModel;
}

function gantt({ measured, recognised }: Run, iteration: number, origin: Ns): Schedule['gantt'] {
  const ms = (t: Ns): Ms => (t - origin) / NS_PER_MS;
  return {
    operations: byRank(measured.iteration).flatMap(list => {
      const phases = phasesOf(list, recognised.name);
      return list.map((o, i) => ({
        iteration,
        kind: o.kind,
        microbatch: o.microbatch,
        stage: o.stage,
        rank: o.rank,
        start_ms: ms(o.start),
        end_ms: ms(o.end),
        phase: phases[i] ?? null,
      }));
    }),
    handoffs: measured.handoffs.flatMap(h =>
      h.start === undefined || h.end === undefined || h.consumer.kind === 'W'
        ? []
        : [
            {
              iteration,
              from_rank: h.producer.rank,
              to_rank: h.consumer.rank,
              microbatch: h.producer.microbatch,
              kind: h.consumer.kind,
              start_ms: ms(h.start),
              end_ms: ms(h.end),
            },
          ],
    ),
  };
}

function phaseTable({ measured, recognised }: Run, origin: Ns): Schedule['phases'] {
  return byRank(measured.iteration).flatMap((list, stage) => {
    const phases = phasesOf(list, recognised.name);
    return (['warmup', 'steady', 'cooldown'] as const).flatMap(phase => {
      const inside = list.filter((_, i) => phases[i] === phase);
      if (inside.length === 0) return [];
      return [
        {
          stage,
          phase,
          start_ms: (itemAt(inside, 0).start - origin) / NS_PER_MS,
          end_ms: ((max(inside, o => o.end) ?? Number.NaN) - origin) / NS_PER_MS,
          forwards: inside.filter(o => o.kind === 'F').length,
          backwards: inside.filter(o => o.kind === 'B').length,
        },
      ];
    });
  });
}

/** All iterations of one schedule as one entry of the report. */
function scheduleOf(runs: readonly Run[], context: ScheduleContext): ScheduleFacts {
  const first = itemAt(runs, 0);
  const { p, m, v, label } = first.measured.iteration;
  const { textbook, name, candidates } = first.recognised;
  const measured = runs.map(r => r.measured);
  const explanations = measured.map(x => explainBubble(x, textbook));
  const known = explanations.flatMap(b => b ?? []);
  const lengths = measured.map(x => x.end - x.start);
  const { excess, parts, staged, launches, lateRanks } = meanExplanation(known);
  const medianRun = valueAt(
    lengths.map((_, i) => i).sort((a, b) => valueAt(lengths, a) - valueAt(lengths, b) || a - b),
    Math.floor((lengths.length - 1) / 2),
  );
  const departures = runs.flatMap((r, i) =>
    r.recognised.departures.map(departure => ({ iteration: runs.length > 1 ? i : undefined, departure })),
  );
  return {
    name,
    basis: first.recognised.basis,
    ...(candidates === undefined
      ? {}
      : { candidates: candidates.map(c => ({ name: c.textbook.name, theory_share: theoryOf(c) ?? null })) }),
    label: label ?? null,
    departures,
    p,
    m,
    v,
    iterations: runs.length,
    iteration_ms: lengths.map(l => l / NS_PER_MS),
    ideal_ms: known.length === 0 ? null : (mean(known, b => b.ideal) ?? 0) / NS_PER_MS,
    simulated_ms: (known.length === 0 ? (mean(lengths) ?? 0) : (mean(known, b => b.simulated) ?? 0)) / NS_PER_MS,
    bubble: Array.from({ length: p }, (_, rank) => stageBubble(rank, measured, explanations, context.devices)),
    markedPhases: markedPhases(runs.map(r => ({ iteration: r.measured.iteration, name: r.recognised.name }))),
    phases: phaseTable(itemAt(runs, medianRun), context.origin),
    handoffs: handoffSummary(measured, textbook ? textbook.handoffs({ p, m, v }) : null, context.devices, context.links, staged),
    excess: parts.map(x => ({ why: x.why, ms: x.ns / NS_PER_MS })),
    excess_ms: excess / NS_PER_MS,
    launch_causes: launchesByCause(measured, launches),
    ...(lateRanks.some(ns => ns > 0) ? { launch_ranks: launchesByRank(measured, lateRanks) } : {}),
    whatIfs: whatIfs(itemAt(runs, medianRun).measured),
    gantt: gantt(itemAt(runs, medianRun), medianRun, context.origin),
  };
}

/** Prepares to tell what of an ordered list began in [from, to). */
function startingIn<T extends { readonly start: Ns }>(list: readonly T[]): (from: Ns, to: Ns) => readonly T[] {
  const starts = Float64Array.from(list, x => x.start);
  return (from, to) => list.slice(lowerBound(starts, from), lowerBound(starts, to));
}

/** The schedules that ran, each with all of its iterations, in the order of their first. */
export function schedulesOf(iterations: readonly Iteration[], context: ScheduleContext): ScheduleFacts[] {
  const groups = new Map<string, Run[]>();
  const transfersIn = startingIn(context.transfers);
  const messagesIn = startingIn(context.messages);
  for (const iteration of iterations) {
    const [start, end] = spanOf(iteration);
    const handoffs = handoffsOf(iteration, transfersIn(start, end), context.named, context.devices, messagesIn(start, end));
    const recognised = iteration.recognised ?? recognise(iteration);
    const run = { recognised, measured: measureIteration(iteration, handoffs, context.devices, context.delayModel) };
    const { label, p, m, v } = iteration;
    const names = recognised.candidates?.map(c => c.textbook.name) ?? [recognised.name];
    getOrCompute(groups, [label, ...names, p, m, v, iteration.messages].join('|'), () => [] as Run[]).push(run);
  }
  return [...groups.values()].map(runs => scheduleOf(runs, context));
}
