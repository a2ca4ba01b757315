import type { GpuSampleRow } from '#model/relation';
import { badRecord, quote } from '#reading/refuse';
import type { Sampled } from '#series/sampled';
import { quantile, steps } from '#stamps/sampling';
import type { Column } from './columns.ts';

/** A row that does not yet know its number, and what the file calls its GPU (undefined where no column says). */
export interface Unnumbered extends Sampled {
  readonly label: string | undefined;
  readonly row: GpuSampleRow;
}

const HINT = 'Add index to --query-gpu.';
const LARGEST_INDEX = 9999;

/** Sets each row's `gpu`, and returns what a reader should know of how. Samples must be in order of time. */
export const numberGpus = (samples: readonly Unnumbered[], identity: Column | undefined, source: string): string[] => {
  if (identity === undefined) return numberLoneGpu(samples, source);
  if (identity.name === 'index') return numberByIndex(samples, source);
  const labels = [...new Set(samples.map(sample => sample.label ?? ''))];
  const byBus = identity.name.endsWith('bus_id');
  const ordered = byBus ? labels.toSorted() : labels;
  const numbers = new Map(ordered.map((label, i) => [label, i]));
  for (const { label, row } of samples) row.gpu = numbers.get(label ?? '') ?? 0;
  const order = byBus
    ? 'in the order of their bus ids, as nvidia-smi does'
    : 'in the order in which they appear, which may not be that of nvidia-smi';
  return [`No index column: the ${labels.length} GPU(s) were told apart by ${identity.name} and numbered ${order}.`];
};

const numberByIndex = (samples: readonly Unnumbered[], source: string): string[] => {
  for (const { line, label, row } of samples) {
    const gpu = /^\d{1,4}$/.test(label ?? '') ? Number(label) : LARGEST_INDEX + 1;
    if (gpu > LARGEST_INDEX)
      throw badRecord({ source, line, field: 'index' }, `${quote(label)} is not the number of a GPU`, 'Mend or delete this line.');
    row.gpu = gpu;
  }
  return [];
};

const numberLoneGpu = (samples: readonly Unnumbered[], source: string): string[] => {
  const name = samples.find(sample => sample.row.name !== null)?.row.name ?? null;
  const other = samples.find(sample => sample.row.name !== null && sample.row.name !== name);
  if (other !== undefined) {
    throw badRecord({ source, line: other.line }, 'the file holds samples of several GPUs, and no column tells which is which', HINT);
  }
  const times = samples.map(sample => Number(sample.ns - (samples[0]?.ns ?? 0n)) / 1e6);
  if (comesInBursts(times)) {
    throw badRecord({ source }, 'the samples come in bursts, as from several GPUs, and no column tells which is which', HINT);
  }
  return ['Neither index nor uuid was recorded: all samples were taken to be of GPU 0.'];
};

const ENOUGH = 8;

/** A lone GPU is sampled at an even pace (measured: 11 to 29 ms); several give a short step inside a round and a long one after it. */
const comesInBursts = (times: readonly number[]): boolean => {
  const rising = times.toSorted((a, b) => a - b);
  const same = rising.filter((time, i) => i > 0 && time === rising[i - 1]).length;
  if (same * 8 > times.length) return true;
  const between = steps(rising);
  return between.length >= ENOUGH && 5 * (quantile(between, 0.25) ?? 0) < (quantile(between, 0.94) ?? 0);
};
