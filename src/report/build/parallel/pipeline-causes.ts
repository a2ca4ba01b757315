import type { Ms, Share } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import type { Pipeline, REASONS, Schedule } from '#schema/pipeline';
import { isLaunchBound, isOfLaunching } from './excess-parts.ts';

/** A cause with the device time that it cost, over all iterations that were recorded. */
export interface PipelineCause {
  readonly cause: CauseOrRest;
  readonly ms: Ms;
  /** Of all stall beyond theory. */
  readonly share: Share;
  readonly subject: string;
  /** Its launches are too many or too small in most operations, so that no single stall is to be looked for. */
  readonly isLaunchBound: boolean;
}

/** What is worth naming at all: of the device time of the iterations. */
export const LEAST_SHARE = 0.002;

const MIN_MS = 1e-9;

type Reason = (typeof REASONS)[number];
interface Part extends Pick<PipelineCause, 'cause' | 'ms' | 'subject'> {
  readonly why: Reason;
  readonly isLaunchBound?: boolean;
}

/** Parts of a schedule's stall with their causes; ms of device time, a mean iteration. What made the bubble smaller is left out. */
function causesOf(s: Schedule): Part[] {
  const part = (why: Schedule['excess'][number]['why']) => s.excess.find(e => e.why === why)?.ms ?? 0;
  const slowest = s.bubble.reduce((a, b) => (b.compute_ms > a.compute_ms ? b : a), s.bubble[0] as Schedule['bubble'][number]);
  const { handoffs: h } = s;
  const staged = Math.max(0, Math.min(h.staged_stall_ms ?? 0, part('exposed-copy')));
  const against = h.staged_against ? `, against ${h.staged_against}` : '';
  const launches = s.launch_causes ?? [];
  const told = launches.reduce((n, l) => n + l.ms, 0);
  const latePart = part('launch-starvation');
  const parts: Part[] = [
    { why: 'stage-imbalance', cause: 'stage-imbalance', ms: part('stage-imbalance'), subject: `${slowest.device} computes longest` },
    { why: 'staged', cause: 'peer-copy-staged', ms: staged, subject: `${h.staged} hand-offs through the host${against}` },
    {
      why: 'exposed-copy',
      cause: 'handoff-exposed',
      ms: part('exposed-copy') + part('handoff-latency') - staged,
      subject: `${h.count} hand-offs`,
    },
    ...launches.map(l => ({
      ...l,
      why: l.cause === 'unexplained' ? ('unexplained' as const) : ('launch-starvation' as const),
      isLaunchBound: isOfLaunching(l) && isLaunchBound(s),
      subject: `launches after their device was free: ${l.subject}`,
    })),
    { why: 'straggling', cause: 'unexplained', ms: part('straggling'), subject: '' },
    {
      why: 'unexplained',
      cause: 'unexplained',
      ms: Math.max(0, part('unexplained')) + Math.max(0, latePart - told),
      subject: '',
    },
  ];
  return parts.filter(part => part.ms > MIN_MS);
}

/** Device time beyond theory by reason, over all iterations, the largest first. Its shares are those of the causes. */
export function stallsOf(schedules: readonly Schedule[]): Pipeline['beyond_theory'] {
  const totals = new Map<Reason, Ms>();
  for (const s of schedules) for (const { why, ms } of causesOf(s)) totals.set(why, (totals.get(why) ?? 0) + ms * s.iterations);
  const all = [...totals.values()].reduce((a, b) => a + b, 0);
  return [...totals].map(([why, ms]) => ({ why, ms, share: ms / all })).sort((a, b) => b.ms - a.ms);
}

/**
 * Why the devices stood still longer than theory says, the costliest first. Copies through the host are blamed on that way of going
 * for what direct copies would have saved; launches that came late on what their thread did instead.
 * What stays unexplained stands last.
 */
export function pipelineCauses(pipeline: Pick<Pipeline, 'schedules'>): PipelineCause[] {
  const totals = new Map<CauseOrRest, { ms: Ms; subjects: string[]; boundMs: Ms }>();
  let stall = 0;
  let time = 0;
  for (const s of pipeline.schedules) {
    time += s.iteration_ms.reduce((a, b) => a + b, 0) * s.p;
    for (const { cause, ms, subject, isLaunchBound: isBound = false } of causesOf(s)) {
      const known = totals.get(cause) ?? { ms: 0, subjects: [], boundMs: 0 };
      const told = subject === '' ? `${s.label ?? s.name}` : `${s.label ?? s.name}: ${subject}`;
      const lost = ms * s.iterations;
      totals.set(cause, { ms: known.ms + lost, subjects: [...known.subjects, told], boundMs: known.boundMs + (isBound ? lost : 0) });
      stall += ms * s.iterations;
    }
  }
  return [...totals]
    .map(([cause, t]) => ({
      cause,
      ms: t.ms,
      share: stall === 0 ? 0 : t.ms / stall,
      subject: t.subjects.join('; '),
      isLaunchBound: t.boundMs > t.ms / 2,
    }))
    .filter(c => c.ms >= LEAST_SHARE * time)
    .sort((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.ms - a.ms);
}
