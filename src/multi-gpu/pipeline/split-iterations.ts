import { group, max, min } from 'd3-array';
import { itemAt } from '#core/columns';
import { lowerBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { deviceOf, endOf, type Found, startOf } from './assign-microbatches.ts';

/** Cuts a device's operations where one comes a second time. */
function byRepetition(sequence: readonly Found[]): Found[][] {
  const parts: Found[][] = [];
  let seen = new Set<string>();
  for (const o of sequence) {
    const key = `${o.kind}:${o.microbatch}:${o.stage}:${o.chunk}`;
    if (parts.length === 0 || seen.has(key)) {
      parts.push([]);
      seen = new Set();
    }
    seen.add(key);
    parts.at(-1)?.push(o);
  }
  return parts;
}

type Span = readonly [Ns, Ns];
const spanOf = (part: readonly Found[]): Span => [min(part, startOf) ?? Number.NaN, max(part, endOf) ?? Number.NaN];

/** How long both ran, ns; negative where they lie apart. */
const overlap = (a: Span, b: Span) => Math.min(a[1], b[1]) - Math.max(a[0], b[0]);

/** Which of some stretches in order shares most time with another, or is nearest to it. */
function nearest(spans: readonly Span[], starts: Float64Array, own: Span): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  const first = Math.max(0, lowerBound(starts, own[0]) - 1);
  for (let i = first; i < spans.length; i++) {
    const span = itemAt(spans, i);
    const shared = overlap(own, span);
    if (shared > most) [best, most] = [i, shared];
    if (span[0] > own[1]) break;
  }
  return best;
}

/** Iterations of all devices, put together where they overlap in time. */
export function splitIterations(operations: readonly Found[]): Found[][] {
  const named = operations.every(o => o.iteration !== undefined);
  const groups = named ? [...group(operations, o => `${o.iteration?.label} ${o.iteration?.number}`).values()] : [operations];
  const iterations = groups.flatMap(g => {
    const devices = [...group(g, deviceOf).values()].map(byRepetition).sort((a, b) => b.length - a.length);
    const [reference = [], ...others] = devices;
    const out = reference.map(part => [...part]);
    const spans = reference.map(spanOf);
    const starts = Float64Array.from(spans, s => s[0]);
    for (const parts of others) for (const part of parts) out[nearest(spans, starts, spanOf(part))]?.push(...part);
    return out;
  });
  for (const i of iterations) i.sort((a, b) => startOf(a) - startOf(b));
  return iterations.sort((a, b) => startOf(itemAt(a, 0)) - startOf(itemAt(b, 0)));
}
