import { group, max, min } from 'd3-array';
import { itemAt } from '#core/columns';
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

/** How long both ran, ns; negative where they lie apart. */
const overlap = (a: readonly Found[], b: readonly Found[]) =>
  Math.min(max(a, endOf) ?? Number.NaN, max(b, endOf) ?? Number.NaN) -
  Math.max(min(a, startOf) ?? Number.NaN, min(b, startOf) ?? Number.NaN);

/** Iterations of all devices, put together where they overlap in time. */
export function splitIterations(operations: readonly Found[]): Found[][] {
  const named = operations.every(o => o.iteration !== undefined);
  const groups = named ? [...group(operations, o => `${o.iteration?.label} ${o.iteration?.number}`).values()] : [operations];
  const iterations = groups.flatMap(g => {
    const devices = [...group(g, deviceOf).values()].map(byRepetition).sort((a, b) => b.length - a.length);
    const [reference = [], ...others] = devices;
    const out = reference.map(part => [...part]);
    for (const parts of others)
      for (const part of parts) {
        let best: Found[] | undefined;
        let most = Number.NEGATIVE_INFINITY;
        for (const [i, r] of reference.entries()) {
          const shared = overlap(part, r);
          if (shared > most) {
            most = shared;
            best = out[i];
          }
        }
        best?.push(...part);
      }
    return out;
  });
  for (const i of iterations) i.sort((a, b) => startOf(a) - startOf(b));
  return iterations.sort((a, b) => startOf(itemAt(a, 0)) - startOf(itemAt(b, 0)));
}
