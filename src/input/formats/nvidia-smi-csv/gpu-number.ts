import { knownAt } from '#input/series/known-at';
import { badRecord, quote } from '#input/text/bad-record';
import { quantile, steps } from '#input/time/sampling';
import type { Column } from './columns.ts';
import type { Unplaced } from './sample.ts';

interface Numbering {
  /** The number of each label's GPU. */
  readonly gpus: readonly number[];
  /** What a reader should know of how it was found. */
  readonly warnings: readonly string[];
}

const HINT = 'Add index to --query-gpu.';
const LARGEST_INDEX = 9999;

/** Numbers the GPUs. @param order of the samples in time */
export const numberGpus = (order: Uint32Array, unplaced: Unplaced, identity: Column | undefined, source: string): Numbering => {
  if (identity === undefined) return numberLoneGpu(order, unplaced, source);
  if (identity.name === 'index') return { gpus: unplaced.labels.map((label, i) => numberIn(label, i, unplaced, source)), warnings: [] };
  const { labels } = unplaced;
  const seen = new Set<number>();
  for (const i of order) if (seen.size < labels.length) seen.add(knownAt(unplaced.label, i));
  const byBus = identity.name.endsWith('bus_id');
  const ordered = byBus ? labels.toSorted() : [...seen].map(i => labels[i]);
  const how = byBus
    ? 'in the order of their bus ids, as nvidia-smi does'
    : 'in the order in which they appear, which may not be that of nvidia-smi';
  const numbers = new Map(ordered.map((label, i) => [label, i]));
  return {
    gpus: labels.map(label => numbers.get(label) ?? 0),
    warnings: [`No index column: the ${labels.length} GPU(s) were told apart by ${identity.name} and numbered ${how}.`],
  };
};

const numberIn = (label: string | undefined, index: number, { line, label: of }: Unplaced, source: string): number => {
  const gpu = /^\d{1,4}$/.test(label ?? '') ? Number(label) : LARGEST_INDEX + 1;
  if (gpu <= LARGEST_INDEX) return gpu;
  let first = 0;
  while (of.at(first) !== index) first += 1;
  throw badRecord(
    { source, line: knownAt(line, first), field: 'index' },
    `${quote(label)} is not the number of a GPU`,
    'Mend or delete this line.',
  );
};

const numberLoneGpu = (order: Uint32Array, { samples, line, ns }: Unplaced, source: string): Numbering => {
  let name: string | null = null;
  for (const i of order) {
    const own = samples.at(i)?.name ?? null;
    if (own !== null && name !== null && own !== name)
      throw badRecord(
        { source, line: knownAt(line, i) },
        'the file holds samples of several GPUs, and no column tells which is which',
        HINT,
      );
    name ??= own;
  }
  if (comesInBursts(Float64Array.from(order, i => knownAt(ns, i) / 1e6)))
    throw badRecord({ source }, 'the samples come in bursts, as from several GPUs, and no column tells which is which', HINT);
  return { gpus: [0], warnings: ['Neither index nor uuid was recorded: all samples were taken to be of GPU 0.'] };
};

const ENOUGH = 8;

/** A lone GPU is sampled at an even pace (measured: 11 to 29 ms); several give a short step inside a round and a long one after it. */
const comesInBursts = (rising: Float64Array): boolean => {
  const same = rising.reduce((n, time, i) => (i > 0 && time === rising[i - 1] ? n + 1 : n), 0);
  if (same * 8 > rising.length) return true;
  const between = steps(rising);
  return between.length >= ENOUGH && 5 * (quantile(between, 0.25) ?? 0) < (quantile(between, 0.94) ?? 0);
};
