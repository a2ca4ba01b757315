import type { Comparison } from '#schema/comparison';
import type { Run, RunKernel } from '#schema/run';

type Change = Comparison['settings'][number];

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** What is not the same on both sides. @param of what a run says of each thing; a run that says nothing of it is left out */
export function changedBetween(
  base: readonly Run[],
  candidate: readonly Run[],
  of: (run: Run) => Readonly<Record<string, string>>,
): readonly Change[] {
  const [before, after] = [base.map(of), candidate.map(of)];
  const names = new Set([...before, ...after].flatMap(said => Object.keys(said)));
  return [...names].flatMap(what => {
    const saying = (side: readonly Readonly<Record<string, string>>[]) => distinct(side.flatMap(said => said[what] ?? []));
    const [one, other] = [saying(before), saying(after)];
    // Where one side says nothing of a thing, nothing tells that it changed.
    const isKnown = one.length > 0 && other.length > 0;
    return isKnown && one.join('\n') !== other.join('\n') ? [{ what, base: one, candidate: other }] : [];
  });
}

/** What each cause cost on either side, the largest change first. Only runs in which causes were looked for count. */
export function changedCauses(base: readonly Run[], candidate: readonly Run[]): Comparison['causes'] {
  const looked = (runs: readonly Run[]) => runs.filter(run => run.causes !== null);
  const [before, after] = [looked(base), looked(candidate)];
  if (before.length === 0 || after.length === 0) return [];
  const causes = new Set([...before, ...after].flatMap(run => (run.causes ?? []).map(({ cause }) => cause)));
  const costs = (runs: readonly Run[], cause: string, perSecond: boolean): number | null => {
    if (perSecond && runs.some(run => run.window_s === null || run.window_s <= 0)) return null;
    const sums = runs.map(run => {
      const ms = (run.causes ?? []).reduce((sum, c) => sum + (c.cause === cause ? c.excess_ms : 0), 0);
      return perSecond ? ms / (run.window_s ?? 1) : ms;
    });
    return meanOf(sums);
  };
  return [...causes]
    .map(cause => ({
      cause,
      base_ms: costs(before, cause, false) ?? 0,
      candidate_ms: costs(after, cause, false) ?? 0,
      base_ms_per_s: costs(before, cause, true),
      candidate_ms_per_s: costs(after, cause, true),
    }))
    .filter(({ base_ms, candidate_ms }) => base_ms !== 0 || candidate_ms !== 0)
    .toSorted((a, b) => Math.abs(b.candidate_ms - b.base_ms) - Math.abs(a.candidate_ms - a.base_ms));
}

/** More kernels than a reader looks at. */
const MOST_KERNELS = 20;
const shapeOf = ({ name, grid, block }: RunKernel): string => JSON.stringify([name, grid, block]);

/** Kernels by name and launch shape: what their launches take now and took before, those first that changed the time most. */
export function changedKernels(base: readonly Run[], candidate: readonly Run[]): Comparison['kernels'] {
  const tables = (runs: readonly Run[]) =>
    runs.flatMap(({ kernels }) => (kernels === null ? [] : [new Map(kernels.map(k => [shapeOf(k), k]))]));
  const [before, after] = [tables(base), tables(candidate)];
  if (before.length === 0 || after.length === 0) return [];
  const shapes = new Map([...before, ...after].flatMap(table => [...table]));
  return [...shapes]
    .map(([shape, { name, grid, block }]) => {
      const rows = (side: readonly ReadonlyMap<string, RunKernel>[]) => side.flatMap(table => table.get(shape) ?? []);
      const [one, other] = [rows(before), rows(after)];
      const median = (side: readonly RunKernel[]) => (side.length === 0 ? null : meanOf(side.map(k => k.median_us)));
      const [base_us, candidate_us] = [median(one), median(other)];
      const total = (side: readonly RunKernel[], runs: number) => side.reduce((sum, k) => sum + k.total_ms, 0) / runs;
      const launches = other.reduce((sum, k) => sum + k.runs, 0) / after.length;
      const isOnBoth = base_us !== null && candidate_us !== null;
      return {
        ...{ name, grid, block, base_us, candidate_us },
        ratio: isOnBoth && base_us > 0 ? candidate_us / base_us : null,
        // Of one that ran on both sides the time of its launches; of one that came or went all that it takes.
        lost_ms: isOnBoth ? ((candidate_us - base_us) * launches) / 1000 : total(other, after.length) - total(one, before.length),
      };
    })
    .filter(({ lost_ms }) => lost_ms !== 0)
    .toSorted((a, b) => Math.abs(b.lost_ms) - Math.abs(a.lost_ms))
    .slice(0, MOST_KERNELS);
}
