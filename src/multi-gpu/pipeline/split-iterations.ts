import { group, max, min } from 'd3-array';
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

const overlap = (a: readonly Found[], b: readonly Found[]) =>
  Math.min(max(a, endOf) ?? 0, max(b, endOf) ?? 0) - Math.max(min(a, startOf) ?? 0, min(b, startOf) ?? 0);

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
        let best = -1;
        let most = Number.NEGATIVE_INFINITY;
        for (const [i, r] of reference.entries()) {
          const shared = overlap(part, r);
          if (shared > most) {
            most = shared;
            best = i;
          }
        }
        out[best]?.push(...part);
      }
    return out;
  });
  for (const i of iterations) i.sort((a, b) => startOf(a) - startOf(b));
  return iterations.sort((a, b) => startOf(a[0] as Found) - startOf(b[0] as Found));
}
