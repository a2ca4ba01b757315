import { valueAt } from '#core/columns';
import { knownAt } from '#input/series/known-at';
import { badRecord, quote } from '#input/text/bad-record';
import { quantile, steps } from '#input/time/sampling';
import type { IdentityColumns } from './gpu-identity.ts';
import { BURSTS } from './in-time.ts';
import type { Unplaced } from './sample.ts';

interface Numbering {
  /** The number of each of the file's GPUs. */
  readonly gpus: readonly number[];
  /** What a reader should know of how it was found. */
  readonly warnings: readonly string[];
}

const HINT = 'Add index to --query-gpu.';
const LARGEST_INDEX = 9999;

/** Numbers the GPUs. @param order of the samples in time */
export const numberGpus = (order: Uint32Array, unplaced: Unplaced, columns: IdentityColumns, source: string): Numbering => {
  if (Object.values(columns).every(column => column === undefined)) return numberLoneGpu(order, unplaced, source);
  return columns.index === undefined ? numberedHere(order, unplaced, columns) : numberedByIndex(order, unplaced, source);
};

/** Those that the file numbers. Where one number stands for two UUIDs, several machines wrote the file, and the numbers are none. */
function numberedByIndex(order: Uint32Array, unplaced: Unplaced, source: string): Numbering {
  const numbers = unplaced.gpus.map(({ index }, i) => numberIn(index, i, unplaced, source));
  const owners = new Map<number, string>();
  const isShared = unplaced.gpus.some(({ uuid }, i) => {
    if (uuid === undefined) return false;
    const number = valueAt(numbers, i);
    const owner = owners.get(number) ?? uuid;
    owners.set(number, owner);
    return owner !== uuid;
  });
  if (!isShared) return { gpus: numbers, warnings: [] };
  return {
    gpus: byAppearance(order, unplaced),
    warnings: [
      'One index stands for several GPUs, by uuid: several machines wrote this file. The GPUs are numbered in the order in which they appear.',
    ],
  };
}

function numberedHere(order: Uint32Array, unplaced: Unplaced, { bus, uuid, serial }: IdentityColumns): Numbering {
  const { gpus } = unplaced;
  const busOf = (i: number) => gpus[i]?.bus ?? '';
  const ranks = new Map(
    [...gpus.keys()].toSorted((a, b) => (busOf(a) < busOf(b) ? -1 : Number(busOf(a) > busOf(b)))).map((i, rank) => [i, rank]),
  );
  const how =
    bus === undefined
      ? 'in the order in which they appear, which may not be that of nvidia-smi'
      : 'in the order of their bus ids, as nvidia-smi does';
  return {
    gpus: bus === undefined ? byAppearance(order, unplaced) : [...gpus.keys()].map(i => ranks.get(i) ?? 0),
    warnings: [`No index column: the ${gpus.length} GPU(s) were told apart by ${(bus ?? uuid ?? serial)?.name ?? ''} and numbered ${how}.`],
  };
}

/** Numbers in the order of the first sample of each. */
function byAppearance(order: Uint32Array, { gpu, gpus }: Unplaced): readonly number[] {
  const seen = new Map<number, number>();
  for (const i of order) {
    if (seen.size === gpus.length) break;
    const own = knownAt(gpu, i);
    if (!seen.has(own)) seen.set(own, seen.size);
  }
  return [...gpus.keys()].map(i => seen.get(i) ?? 0);
}

const numberIn = (label: string | undefined, index: number, { line, gpu: of }: Unplaced, source: string): number => {
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
  if (comesInBursts(Float64Array.from(order, i => knownAt(ns, i) / 1e6))) throw badRecord({ source }, BURSTS, HINT);
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
