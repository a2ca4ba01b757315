import { realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { measure, type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { Assumed } from './assumptions.ts';
import type { FoundOperation } from './operation.ts';

/** Cuts work into parts of equal length, one after the other. */
function equalParts(work: Spans, n: number): Spans[] {
  const each = measure(work) / n;
  const out: [Ns, Ns][][] = Array.from({ length: n }, () => []);
  let part = 0;
  let room = each;
  for (let i = 0; i < work.n; i++) {
    let from = realAt(work.start, i);
    const end = realAt(work.end, i);
    while (from < end) {
      // The last part takes what rounding leaves.
      const to = part === n - 1 ? end : Math.min(end, from + room);
      out[part]?.push([from, to]);
      room -= to - from;
      from = to;
      if (room <= 0 && part < n - 1) {
        part++;
        room = each;
      }
    }
  }
  return out.map(spansOf);
}

/**
 * Zero-bubble schedules end with one range for the weights of all microbatches that are left (W_clear). It becomes an operation for
 * each backward before it on its device that has no weights of its own yet, of equal length, since nothing tells them apart.
 */
export function withRestOfWeights(operations: readonly FoundOperation[], assumed: Assumed): FoundOperation[] {
  if (!operations.some(o => o.kind === 'W' && o.microbatch === undefined)) return [...operations];
  const open = new Map<string, FoundOperation[]>();
  const out: FoundOperation[] = [];
  for (const o of operations) {
    const list = getOrCompute(open, `${o.source}:${o.device}:${o.chunk ?? 0}`, () => [] as FoundOperation[]);
    if (o.kind === 'B') list.push(o);
    if (o.kind === 'W' && o.microbatch !== undefined) {
      const at = list.findIndex(b => b.microbatch === o.microbatch);
      if (at >= 0) list.splice(at, 1);
    }
    const haveMicrobatches = list.every(b => b.microbatch !== undefined);
    if (o.kind !== 'W' || o.microbatch !== undefined || list.length === 0 || !haveMicrobatches) {
      out.push(o);
      continue;
    }
    assumed.set('shared-weights', { what: 'shared-weights' });
    const parts = equalParts(o.work, list.length);
    for (const [i, b] of list.entries())
      out.push({
        ...o,
        ...{ microbatch: b.microbatch, stage: b.stage, chunk: b.chunk, work: parts[i] ?? o.work },
        ...(i === 0 ? {} : { launched: Number.NaN, late: [] }),
      });
    open.set(`${o.source}:${o.device}:${o.chunk ?? 0}`, []);
  }
  return out.sort((a, b) => realAt(a.work.start, 0) - realAt(b.work.start, 0));
}
