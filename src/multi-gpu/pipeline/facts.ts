import type { PeerCopyPair } from '#multi-gpu/peer-copies/copy-pairs';
import type { StagedAgainst } from '#multi-gpu/peer-copies/staging-cost';
import type { Pipeline, Schedule } from '#schema/pipeline';
import type { Assumption, FoundBy } from './assumptions.ts';
import type { ComparedSchedules } from './compare.ts';
import type { MarkedPhases } from './named-phases.ts';
import type { Basis, Departure } from './recognised.ts';
import type { WhatIf } from './what-if.ts';

/** What of a schedule is told in figures alone. */
export type ScheduleFigures = Omit<Schedule, 'detected' | 'departures' | 'what_if' | 'phase_marks' | 'handoffs'>;

/** All hand-offs of a schedule in a few figures. */
export interface HandoffFacts extends Omit<Schedule['handoffs'], 'staged_against'> {
  /** What copies through the host were compared with; none where there are none. */
  readonly stagedAgainst: readonly StagedAgainst[];
}

/** A schedule as it was reconstructed. */
export interface ScheduleFacts extends ScheduleFigures {
  readonly basis: Basis;
  /** With its iteration where there are several. */
  readonly departures: readonly { readonly iteration: number | undefined; readonly departure: Departure }[];
  readonly whatIfs: readonly WhatIf[];
  readonly markedPhases: MarkedPhases | null;
  readonly handoffs: HandoffFacts;
}

/** A pipeline as it was reconstructed; the report puts it into words. */
export interface PipelineFacts extends Pick<Pipeline, 'nvlink_share'> {
  readonly by: FoundBy;
  readonly schedules: readonly ScheduleFacts[];
  readonly copies: readonly PeerCopyPair[];
  readonly assumed: readonly Assumption[];
  /** The schedules of the run beside one another. */
  readonly comparison: readonly ComparedSchedules[];
}
