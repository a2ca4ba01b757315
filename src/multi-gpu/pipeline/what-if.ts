import { mean } from 'd3-array';
import type { OperationKind } from './grammar/meaning.ts';
import type { MeasuredIteration, MeasuredTask, Parts } from './measured-task.ts';

/** One thing that an iteration could have without. */
export type Mended =
  /** stages: all as long. hand-offs: free. copies: hidden. latency: none between a producer and its copy or consumer. launches: in time. operations: none beyond its median. */
  | { readonly mended: 'stages' | 'hand-offs' | 'copies' | 'latency' | 'launches' | 'operations' }
  /** None of a kind, of a stage or of a microbatch beyond its median. */
  | { readonly mended: 'kind'; readonly kind: OperationKind }
  | { readonly mended: 'stage'; readonly stage: number }
  | { readonly mended: 'microbatch'; readonly microbatch: number };

/** What that would gain: the iteration's length over its length with that mended. */
export interface WhatIf {
  readonly what: Mended;
  readonly speedup: number;
}

const BUSY = (t: MeasuredTask) => t.busy;
const ALL: Parts = { duration: BUSY, copies: true, latency: true, launches: true, rest: true };
/** What gains less is not worth a line. */
const LEAST_GAIN = 1.002;
const MOST_LINES = 10;

/** What the iteration would gain with one thing mended: its simulated length over the length with that thing mended. */
export function whatIfs(measured: MeasuredIteration): WhatIf[] {
  const base = measured.lengthWith(ALL);
  if (base === undefined || base === 0) return [];
  const tasks = measured.ranks.flat();
  const kindOf = (t: MeasuredTask) => t.kind;
  const evenly = new Map(
    (['F', 'B', 'W'] as const).map(kind => [
      kind,
      mean(
        tasks.filter(t => t.kind === kind),
        BUSY,
      ) ?? 0,
    ]),
  );
  const usualWhere = (which: (t: MeasuredTask) => boolean) => ({
    ...ALL,
    duration: (t: MeasuredTask) => (which(t) ? Math.min(t.busy, t.usual) : t.busy),
  });
  const tried: [Mended, Parts][] = [
    [{ mended: 'stages' }, { ...ALL, duration: t => evenly.get(t.kind) ?? t.busy }],
    [{ mended: 'hand-offs' }, { ...ALL, copies: false, latency: false }],
    [{ mended: 'copies' }, { ...ALL, copies: false }],
    [{ mended: 'latency' }, { ...ALL, latency: false }],
    [{ mended: 'launches' }, { ...ALL, launches: false }],
    [{ mended: 'operations' }, usualWhere(() => true)],
  ];
  for (const kind of new Set(tasks.map(kindOf))) tried.push([{ mended: 'kind', kind }, usualWhere(t => t.kind === kind)]);
  for (const stage of new Set(tasks.map(t => t.stage))) tried.push([{ mended: 'stage', stage }, usualWhere(t => t.stage === stage)]);
  for (const mb of new Set(tasks.map(t => t.microbatch)))
    tried.push([{ mended: 'microbatch', microbatch: mb }, usualWhere(t => t.microbatch === mb)]);
  return tried
    .flatMap(([what, parts]) => {
      const length = measured.lengthWith(parts) ?? 0;
      return length > 0 && base / length >= LEAST_GAIN ? [{ what, speedup: base / length }] : [];
    })
    .sort((a, b) => b.speedup - a.speedup)
    .slice(0, MOST_LINES);
}
