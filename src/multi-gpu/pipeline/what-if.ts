import { mean } from 'd3-array';
import type { MeasuredIteration, MeasuredTask, Parts } from './measured-task.ts';

const BUSY = (t: MeasuredTask) => t.busy;
const ALL: Parts = { duration: BUSY, copies: true, latency: true, launches: true, rest: true };
/** What gains less is not worth a line. */
const LEAST_GAIN = 1.002;
const MOST_LINES = 10;
const KINDS = { F: 'forwards', B: 'backwards', W: 'weight gradients' } as const;

/** What the iteration would gain with one thing mended: its simulated length over the length with that thing mended. */
export function whatIfs(measured: MeasuredIteration): { what: string; speedup: number }[] {
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
  const tried: [string, Parts][] = [
    ['stages of equal length', { ...ALL, duration: t => evenly.get(t.kind) ?? t.busy }],
    ['hand-offs that take no time', { ...ALL, copies: false, latency: false }],
    ['copies fully hidden', { ...ALL, copies: false }],
    ['no wait between a producer and its copy or consumer', { ...ALL, latency: false }],
    ['every launch in time', { ...ALL, launches: false }],
    ['no operation longer than the median of its kind and stage', usualWhere(() => true)],
  ];
  for (const kind of new Set(tasks.map(kindOf)))
    tried.push([`${KINDS[kind]} never longer than their median`, usualWhere(t => t.kind === kind)]);
  for (const stage of new Set(tasks.map(t => t.stage)))
    tried.push([`stage ${stage} never slower than its median`, usualWhere(t => t.stage === stage)]);
  for (const mb of new Set(tasks.map(t => t.microbatch)))
    tried.push([`microbatch ${mb} never slower than the median`, usualWhere(t => t.microbatch === mb)]);
  return tried
    .flatMap(([what, parts]) => {
      const length = measured.lengthWith(parts) ?? 0;
      return length > 0 && base / length >= LEAST_GAIN ? [{ what, speedup: base / length }] : [];
    })
    .sort((a, b) => b.speedup - a.speedup)
    .slice(0, MOST_LINES);
}
