import { getOrCompute } from '#core/get-or-compute';
import { type Board, boardOf } from '#machine/peaks/boards';
import type { FactRow } from '#schema/relation';

/** What is told of one GPU. */
export interface GpuFacts {
  /** "GPU 0". */
  readonly entity: string;
  /** A number by its name; undefined where nobody tells it. */
  readonly number: (name: string) => number | undefined;
  readonly text: (name: string) => string | undefined;
  /** A state that is on or off. */
  readonly flag: (name: string) => boolean | undefined;
  /** All of it, in the order of the file. */
  readonly rows: readonly FactRow[];
}

const GPU = /^GPU \d+$/;

/** Every rule asks for them. */
const known = new WeakMap<readonly FactRow[], readonly GpuFacts[]>();

/** What is told of each GPU of a machine, by number. Where two files tell the same, the first counts. */
export function gpusOf(facts: readonly FactRow[]): readonly GpuFacts[] {
  const before = known.get(facts);
  if (before !== undefined) return before;
  const gpus = readGpus(facts);
  known.set(facts, gpus);
  return gpus;
}

function readGpus(facts: readonly FactRow[]): readonly GpuFacts[] {
  const byGpu = new Map<string, FactRow[]>();
  for (const f of facts) if (GPU.test(f.entity)) getOrCompute(byGpu, f.entity, () => []).push(f);
  const order = (entity: string) => Number(entity.slice('GPU '.length));
  return [...byGpu].map(([entity, rows]) => gpuOf(entity, rows)).toSorted((a, b) => order(a.entity) - order(b.entity));
}

function gpuOf(entity: string, rows: readonly FactRow[]): GpuFacts {
  const values = new Map<string, FactRow['value']>();
  for (const { name, value } of rows) if (!values.has(name)) values.set(name, value);
  return {
    entity,
    rows,
    number(name) {
      const value = values.get(name);
      return typeof value === 'number' ? value : undefined;
    },
    text(name) {
      const value = values.get(name);
      return value === undefined ? undefined : String(value);
    },
    flag(name) {
      const value = values.get(name);
      return typeof value === 'boolean' ? value : undefined;
    },
  };
}

/** What is published of a GPU; undefined where it is not in the table, or shares its chip (MIG). */
export const boardOfGpu = (gpu: GpuFacts): Board | undefined => {
  const name = gpu.text('product_name');
  return name === undefined || gpu.text('mig_mode.current_mig') === 'Enabled' ? undefined : boardOf(name);
};

/** The board of all GPUs, where they are of one kind. */
export function boardOfAll(facts: readonly FactRow[]): Board | undefined {
  const boards = [...new Set(gpusOf(facts).map(boardOfGpu))];
  return boards.length === 1 ? boards[0] : undefined;
}

/** Whether a GPU works at this moment: an idle one lowers clocks and the generation of its link, which is no fault. */
export const isAtWork = (gpu: GpuFacts): boolean =>
  (gpu.number('utilization.gpu_util') ?? 0) > 0 &&
  gpu.flag('clocks_event_reasons.clocks_event_reason_gpu_idle') !== true &&
  gpu.flag('clocks_throttle_reasons.clocks_throttle_reason_gpu_idle') !== true;

/** A value of what is no GPU: the machine, a program's log, the environment. */
export const factOf = (facts: readonly FactRow[], entity: string, name: string): FactRow['value'] | undefined =>
  facts.find(f => f.entity === entity && f.name === name)?.value;

/** The same, where it is a number. */
export function numberOf(facts: readonly FactRow[], entity: string, name: string): number | undefined {
  const value = factOf(facts, entity, name);
  return typeof value === 'number' ? value : undefined;
}
