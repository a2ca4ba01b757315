import type { Share } from '#core/units';
import { CAUSE_TEXT } from '#schema/causes';
import type { Schedule } from '#schema/pipeline';

/** A part of the time beyond theory, as the answer tells it. */
export type Part = Schedule['excess'][number]['why'] | 'staged';

/** What each part is called in a sentence. */
export const WHY: Readonly<Record<Part, string>> = {
  'stage-imbalance': 'uneven stages',
  'handoff-latency': 'waiting between a producer and its copy or consumer',
  staged: 'copies led through the host',
  'exposed-copy': 'hand-offs that nothing hides',
  'launch-starvation': 'launches that came late',
  straggling: 'operations longer than usual',
  unexplained: 'unexplained',
};

/** A smaller part of the time beyond theory is for the table. */
export const LEAST_PART = 0.1;

/** The excess by reason, ms of device time a mean iteration: what staging cost stands apart from what any copy costs. */
export function partsOf(s: Schedule): Map<Part, number> {
  const parts = new Map<Part, number>(s.excess.map(e => [e.why, e.ms]));
  const copies = parts.get('exposed-copy') ?? 0;
  const staged = Math.min(s.handoffs.staged_stall_ms ?? 0, copies);
  if (staged <= 0) return parts;
  return parts.set('exposed-copy', copies - staged).set('staged', staged);
}

/** What late launches cost, ms of device time a mean iteration. */
export const lateOf = (s: Schedule) => partsOf(s).get('launch-starvation') ?? 0;

/** Where a tenth of the operations holds more than half of the time, the thread stalled now and then; else it launches too slowly as a rule. */
const STALLS: Share = 0.5;

/** Whether the device that lost most to late launches lost it all along, to its thread's own computing: then launches are too many or too small. */
export function isLaunchBound(s: Schedule): boolean {
  const [worst] = (s.launch_ranks ?? []).toSorted((a, b) => b.ms - a.ms);
  const [cause] = s.launch_causes ?? [];
  return cause !== undefined && isOfLaunching(cause) && (worst?.longest_tenth_share ?? 1) <= STALLS;
}

/** The thread was in its own code between launches: no call keeps it, launching itself is what takes so long. */
export const isOfLaunching = ({ cause }: NonNullable<Schedule['launch_causes']>[number]) => cause === 'host-compute';

/** Late launches with what the thread did instead, where one cause has most of them. */
export function lateText(s: Schedule): string {
  const total = (s.launch_causes ?? []).reduce((n, l) => n + l.ms, 0);
  const [first] = s.launch_causes ?? [];
  const named = first !== undefined && first.cause !== 'unexplained' && first.ms > total / 2;
  const mostly = first !== undefined && first.ms < total ? 'mostly ' : '';
  return named ? `${WHY['launch-starvation']} (${mostly}${CAUSE_TEXT[first.cause].title.toLowerCase()})` : WHY['launch-starvation'];
}

/** The theory of a schedule that has one. */
export const theoryOf = (s: Schedule): Share | null => s.bubble[0]?.theory_share ?? null;

/** One, two and three. */
export const list = (items: readonly string[]) =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

export const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
