import type { Ns } from '#core/units';
import type { Late } from './late.ts';
import type { Loss } from './loss.ts';

/** A collective's kernel that spun for a late rank. */
export interface LateWait extends Late {
  /** Index of the waiting kernel in GpuOps. */
  readonly op: number;
  /** How long it spun, from its own start on. */
  readonly ns: Ns;
}

/** When a late rank kept the others waiting: from when they had come until it came. */
export interface Lateness extends Late {
  readonly device: number;
  readonly process: number;
  readonly from: Ns;
  readonly to: Ns;
}

/**
 * What a lane lost while its own rank was the late one, as what it is to all of them: a wait for that rank. Whichever rank's lane
 * is followed, the same delay of the same requests has the same name. Where stretches of lateness overlap, the one given last has
 * the time of both.
 * @param losses in order, without overlap; they stay so
 * @param late when this lane's rank kept the others waiting
 */
export function keptWaiting(losses: readonly Loss[], late: readonly Lateness[]): readonly Loss[] {
  if (late.length === 0) return losses;
  const claims = disjoint(late);
  const out: Loss[] = [];
  let first = 0;
  for (const loss of losses) {
    while ((claims[first]?.to ?? Number.POSITIVE_INFINITY) <= loss.start) first++;
    let at = loss.start;
    for (let k = first; k < claims.length; k++) {
      const claim = claims[k];
      if (claim === undefined || claim.from >= loss.end) break;
      const [start, end] = [Math.max(at, claim.from), Math.min(loss.end, claim.to)];
      if (end <= start) continue;
      if (at < start) out.push({ ...loss, start: at, end: start });
      out.push({ kind: 'spin', start, end, wait: claim.late });
      at = end;
    }
    if (at === loss.start) out.push(loss);
    else if (at < loss.end) out.push({ ...loss, start: at });
  }
  return out;
}

interface LateStretch {
  readonly from: Ns;
  readonly to: Ns;
  readonly late: Lateness;
}

/** The stretches in order of time, cut so that none overlaps one that was given after it. */
function disjoint(late: readonly Lateness[]): readonly LateStretch[] {
  const order = late.map((l, given) => ({ l, given })).sort((a, b) => a.l.from - b.l.from || a.given - b.given);
  const isApart = order.every(({ l }, k) => k === 0 || (order[k - 1]?.l.to ?? Number.NaN) <= l.from);
  if (isApart) return order.map(({ l }) => ({ from: l.from, to: l.to, late: l }));
  const out: LateStretch[] = [];
  const cuts = [...new Set(late.flatMap(l => [l.from, l.to]))].sort((a, b) => a - b);
  const open = new Set<{ readonly l: Lateness; readonly given: number }>();
  let next = 0;
  for (const [k, from] of cuts.entries()) {
    const to = cuts[k + 1];
    if (to === undefined) break;
    for (const o of open) if (o.l.to <= from) open.delete(o);
    for (let o = order[next]; o !== undefined && o.l.from <= from; o = order[++next]) if (o.l.to > from) open.add(o);
    const owner = [...open].reduce<{ readonly l: Lateness; readonly given: number } | undefined>(
      (best, o) => (best === undefined || o.given > best.given ? o : best),
      undefined,
    );
    if (owner === undefined) continue;
    const last = out.at(-1);
    if (last?.late === owner.l && last.to === from) out[out.length - 1] = { ...last, to };
    else out.push({ from, to, late: owner.l });
  }
  return out;
}
