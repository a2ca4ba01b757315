import type { Pipeline } from '#model/pipeline';

/** A cause of design.md with the device time that it cost, over all iterations that were recorded. */
export interface PipelineCause {
  readonly cause: 'stage-imbalance' | 'handoff-exposed' | 'peer-copy-staged' | 'host-compute' | 'unexplained';
  readonly ms: number;
  /** Of all stall beyond theory. */
  readonly share: number;
  readonly subject: string;
}

/** What is worth naming at all: of the device time of the iterations. */
export const LEAST_SHARE = 0.002;

/**
 * Why the devices stood still longer than theory says, the costliest first. Copies through the host are blamed on that way of going,
 * whatever of the hand-off they delay; launches that came late are the host's.
 * What stays unexplained stands last.
 */
export function pipelineCauses(pipeline: Pick<Pipeline, 'schedules'>): PipelineCause[] {
  const totals = new Map<PipelineCause['cause'], { ms: number; subjects: string[] }>();
  let stall = 0;
  let time = 0;
  for (const s of pipeline.schedules) {
    const part = (why: (typeof s.excess)[number]['why']) => (s.excess.find(e => e.why === why)?.ms ?? 0) * s.iterations;
    const add = (cause: PipelineCause['cause'], ms: number, subject: string) => {
      if (ms <= 0) return;
      const known = totals.get(cause) ?? { ms: 0, subjects: [] };
      totals.set(cause, { ms: known.ms + ms, subjects: [...known.subjects, subject] });
      stall += ms;
    };
    time += s.iteration_ms.reduce((a, b) => a + b, 0) * s.p;
    const slowest = s.bubble.reduce((a, b) => (b.compute_ms > a.compute_ms ? b : a), s.bubble[0] as (typeof s.bubble)[number]);
    const handoffs = part('exposed-copy') + part('handoff-latency');
    const stagedShare = s.handoffs.count === 0 ? 0 : Math.min(1, s.handoffs.staged / s.handoffs.count);
    add('stage-imbalance', part('stage-imbalance'), `${s.label ?? s.name}: ${slowest.device} computes longest`);
    add('peer-copy-staged', handoffs * stagedShare, `${s.label ?? s.name}: ${s.handoffs.staged} hand-offs through the host`);
    add('handoff-exposed', handoffs * (1 - stagedShare), `${s.label ?? s.name}: ${s.handoffs.count} hand-offs`);
    add('host-compute', part('launch-starvation'), `${s.label ?? s.name}: launches after their device was free`);
    add('unexplained', Math.max(0, part('straggling')) + Math.max(0, part('unexplained')), s.label ?? s.name);
  }
  return [...totals]
    .map(([cause, t]) => ({ cause, ms: t.ms, share: stall === 0 ? 0 : t.ms / stall, subject: t.subjects.join('; ') }))
    .filter(c => c.ms >= LEAST_SHARE * time)
    .sort((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.ms - a.ms);
}
