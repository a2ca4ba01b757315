import { medianOf } from '#core/math/median';
import { type Judgement, judgeMachine } from '#machine/judge';
import { guideRate } from '#machine/peaks/guide-rates';
import { rules } from '#machine/rules/index.gen';
import type { GpuActivity, ServerActivity } from '#machine/server-activity';
import type { GpuReading } from '#record/checkup/gpu-readings';
import type { CheckupLoad } from '#schema/checkup';
import type { FactRow } from '#schema/relation';

const told = (values: readonly (number | null)[]): number[] => values.filter(v => v !== null);
const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, v) => sum + v, 0) / values.length;
const median = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : medianOf(values));

/** What each GPU did, by the readings of a stretch of time. */
function activityOf(rounds: readonly (readonly GpuReading[])[]): readonly GpuActivity[] {
  const all = rounds.flat();
  return [...new Set(all.map(r => r.gpu))]
    .toSorted((a, b) => a - b)
    .map(gpu => {
      const own = all.filter(r => r.gpu === gpu);
      return {
        gpu,
        name: own.find(r => r.name !== null)?.name ?? undefined,
        memoryUsedMib: median(told(own.map(r => r.memoryUsedMib))),
        memoryTotalMib: own.find(r => r.memoryTotalMib !== null)?.memoryTotalMib ?? undefined,
        utilizationPct: mean(told(own.map(r => r.utilizationPct))),
        readings: own.length,
      };
    });
}

/** What was seen of a server. */
export interface SeenServer {
  /** Readings while requests were in flight. */
  readonly rounds: readonly (readonly GpuReading[])[];
  /** The requests that were in flight then; undefined: none. */
  readonly load: CheckupLoad | undefined;
  readonly model: string | null;
  readonly expectedRate: number | undefined;
  readonly facts: readonly FactRow[];
}

/** A server and what the rules find in it. */
export interface JudgedServer {
  readonly activity: ServerActivity;
  /** Who says what is expected. */
  readonly expectedBy: 'user' | 'guide' | undefined;
  readonly judgements: readonly Judgement[];
}

/** Holds what a server did against what is expected of it, and its machine against the rules. */
export function judgeServer({ rounds, load, model, expectedRate, facts }: SeenServer): JudgedServer {
  const gpus = activityOf(rounds);
  const guide = guideRate(
    gpus.map(g => g.name ?? null),
    model,
  );
  const activity: ServerActivity = {
    gpus,
    isUnderLoad: load !== undefined && load.ok > 0,
    tokensPerS: load?.tokens_per_s ?? undefined,
    expected: expectedRate ?? guide?.low,
  };
  return {
    activity,
    expectedBy: expectedRate !== undefined ? 'user' : guide === undefined ? undefined : 'guide',
    judgements: judgeMachine(rules, { xids: [], links: [], facts, activity }),
  };
}
