import { median } from 'd3-array';
import type { Ns } from '#core/units';
import type { Operation } from './operation.ts';

/** The median time of each operation's kind on its stage. */
export function usualTimes(operations: readonly { readonly o: Operation; readonly busy: Ns }[]): (o: Operation) => Ns {
  const lists = new Map<string, Ns[]>();
  // A backward of the inputs alone is another kind of work than one of inputs and weights.
  const weights = new Set(operations.flatMap(({ o }) => (o.kind === 'W' ? [`${o.microbatch}.${o.stage}`] : [])));
  const key = (o: Operation) => `${o.kind}:${o.stage}:${o.kind === 'B' && weights.has(`${o.microbatch}.${o.stage}`)}`;
  for (const { o, busy } of operations) {
    const list = lists.get(key(o)) ?? [];
    lists.set(key(o), list);
    list.push(busy);
  }
  const medians = new Map([...lists].map(([k, list]) => [k, median(list) ?? Number.NaN]));
  return o => medians.get(key(o)) ?? Number.NaN;
}
