import { judgeTargets } from '#decide/targets/judge-targets';
import type { Run } from '#schema/run';
import type { Sweep, SweepPoint } from '#schema/sweep';
import type { Target } from '#schema/targets';
import type { Setting } from './settings.ts';

/** Whether a setting holds what was asked for. */
export type Held = Pick<SweepPoint, 'slo' | 'slo_failed'>;

const NOTHING_KNOWN: Omit<Run, 'name' | 'figures'> = {
  ...{ inputs: [], time_ns: null, commit: null, settings: {}, causes: null, window_s: null, kernels: null, machine: {} },
};
/** The runs of a setting, as runs of their own. */
export const runsAt = ({ value, runs }: Setting): readonly Run[] =>
  runs.map(figures => ({ ...NOTHING_KNOWN, name: value, figures: [...figures] }));

/** Whether each run of a setting reaches each limit. @param limits none: nothing was asked for */
export function heldAt(setting: Setting, limits: readonly Target[]): Held {
  if (limits.length === 0) return { slo: null, slo_failed: [] };
  // What does not even begin holds nothing.
  if (setting.runs.some(figures => figures.length === 0)) return { slo: 'fails', slo_failed: [] };
  const results = judgeTargets(runsAt(setting), { schema: 'forensics.targets/1', targets: [...limits] });
  const of = (verdict: 'fail' | 'not-measured') => results.filter(result => result.verdict === verdict).map(result => result.metric);
  if (of('fail').length > 0) return { slo: 'fails', slo_failed: of('fail') };
  return of('not-measured').length > 0 ? { slo: 'not-measured', slo_failed: of('not-measured') } : { slo: 'holds', slo_failed: [] };
}

/** Up to which setting it holds. @param points ascending */
export function sloOver(points: readonly (Held & { readonly value: string })[], limits: readonly string[]): Sweep['slo'] {
  if (limits.length === 0) return null;
  const end = points.findIndex(point => point.slo !== 'holds');
  const held = end < 0 ? points : points.slice(0, end);
  const failing = points.findIndex(point => point.slo === 'fails');
  return {
    limits: [...limits],
    highest: held.at(-1)?.value ?? null,
    first_failing: points[failing]?.value ?? null,
    is_monotone: failing < 0 || points.slice(failing).every(point => point.slo !== 'holds'),
  };
}
