import type { Detector, Input } from '#diagnosis/causes/define';
import { CAUSE_NEEDS, Cause } from '#schema/causes';
import type { Finding } from '#schema/report';
import type { Ground, Statement } from '#schema/summary';
import type { Missing } from './missing-inputs.ts';
import { untracedGrounds } from './untraced/detectors.ts';

const STEPS_OF_REQUESTS: readonly Input[] = ['kernel', 'requests', 'steps'];

/** What findings rest on that are no cause's. */
const FINDING_NEEDS: Readonly<Record<string, readonly Input[]>> = {
  'host-bound': ['kernel', 'api_call', 'steps'],
  'chronic-idle': [...STEPS_OF_REQUESTS, 'api_call'],
  'chronic-contention': [...STEPS_OF_REQUESTS, 'device numbers'],
  'chronic-throttle': [...STEPS_OF_REQUESTS, 'gpu samples'],
  'chronic-interference': STEPS_OF_REQUESTS,
  'late-sends': ['requests'],
  'stream-pauses': ['requests'],
  'profiler-start': ['requests'],
  'profiler-stop': ['requests'],
};

/** What the sentences of the answer rest on. */
export const ANSWER_NEEDS = {
  /** That nothing held requests up. */
  healthy: ['kernel', 'api_call', 'requests', 'steps'],
  /** That the GPU was busy for a share of the time with requests in flight. */
  busy: ['kernel', 'requests', 'steps'],
  /** Where the time of a lane went. */
  laneBooks: ['kernel', 'api_call', 'steps'],
} as const satisfies Readonly<Record<string, readonly Input[]>>;

/** What naming a cause rests on: where no trace was taken on what shows it without one, if anything does. */
function needsOfCause(missing: Missing, cause: Cause): readonly Input[] {
  const { needs } = (CAUSE_NEEDS as Readonly<Record<Cause, { readonly needs: readonly Input[] }>>)[cause];
  return missing('trace') === undefined ? needs : (untracedGrounds(cause)?.needs ?? needs);
}

/** Whether all of some needs are there. */
export const isGrounded = (missing: Missing, needs: readonly Input[]): boolean => needs.every(n => missing(n) === undefined);

/** Whether a cause may be named. */
export const mayName = (missing: Missing, cause: Cause): boolean => isGrounded(missing, needsOfCause(missing, cause));

export function needsOfFinding(missing: Missing, { id }: Pick<Finding, 'id'>): readonly Input[] {
  const cause = Cause.safeParse(id.replace(/^chronic-/, ''));
  if (FINDING_NEEDS[id] !== undefined) return FINDING_NEEDS[id];
  if (!cause.success) return [];
  const own = needsOfCause(missing, cause.data);
  return id.startsWith('chronic-') ? [...new Set([...own, ...STEPS_OF_REQUESTS])] : own;
}

interface Said {
  readonly causes: readonly { readonly cause: Cause }[];
  readonly findings: readonly Finding[];
  readonly detectors: readonly { readonly detector: string; readonly cause: Cause; readonly verdict: string }[];
  readonly answer: readonly Input[];
}

/** All that a report says, with what it rests on. */
export const statementsOf = (missing: Missing, { causes, findings, detectors, answer }: Said): Statement[] => [
  { about: 'answer', needs: [...answer] },
  ...causes.map(c => ({ about: `cause ${c.cause}`, needs: [...needsOfCause(missing, c.cause)] })),
  ...findings.map(f => ({ about: `finding ${f.id}`, needs: [...needsOfFinding(missing, f)] })),
  ...detectors
    .filter(d => d.verdict !== 'cannot-tell')
    .map(d => ({ about: `verdict ${d.detector}`, needs: [...needsOfCause(missing, d.cause)] })),
];

/** Everything that anything may rest on, there or not. */
export function groundsOf(missing: Missing, detectors: readonly Detector[]): Ground[] {
  const needs = new Set<Input>([
    ...detectors.flatMap(d => d.needs),
    ...Object.values(FINDING_NEEDS).flat(),
    ...Object.values(ANSWER_NEEDS).flat(),
    ...Cause.options.flatMap(c => needsOfCause(missing, c)),
  ]);
  return [...needs].map(need => ({ need, available: missing(need) === undefined, why: missing(need) ?? '' }));
}
