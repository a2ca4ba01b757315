import { count } from '#core/format/numbers';
import type { Carriers, FoundBy } from '#multi-gpu/pipeline/assumptions';

const CARRIERS: Readonly<Record<Carriers, string>> = { copies: 'copies', 'nccl-sends': 'sends of NCCL' };

type ByKernels = Extract<FoundBy, { by: 'kernels' }>;
type ByHandoffs = Extract<FoundBy, { by: 'hand-offs' }>;

/** By what iterations without names were told apart, and how sure that is. */
function iterationsText({ iterations, labels }: ByKernels): string {
  switch (iterations) {
    case 'ranges':
      return `Iterations are the ranges that the program calls ${labels.join(', ')}: sure.`;
    case 'barriers':
      return 'Iterations lie between collectives that all ranks take part in: likely.';
    case 'steps':
      return "Iterations are parted by kernels that come once in each, such as the optimizer's: likely.";
    case 'period':
      return 'Iterations follow from the period of the sequence of operations: likely.';
    case 'whole':
      return 'Iterations end where every forward that was begun has its backward: likely.';
  }
}

function handoffsText({ carriers, devices, isFitting }: ByHandoffs): string {
  const told = CARRIERS[carriers];
  const passed = `the ${told} between GPUs pass from ${count(devices, 'device')} to the next and back`;
  return isFitting
    ? `No range names the operations of a pipeline: operations are the groups of kernels between ${told}, told forward from backward by where their results went, and numbered in their order. That is likely, not sure: ${passed}.`
    : `No range names the operations of a pipeline; ${passed}, but not as between stages, one a device: what ran where is not known.`;
}

/** How the operations of a pipeline were found, and how sure that is. */
export function foundBySentence(found: FoundBy): string {
  switch (found.by) {
    case 'names':
      return `NVTX names of ${found.program}, such as ${found.example}, joined to the GPU by process and correlation id: sure.`;
    case 'hand-offs':
      return handoffsText(found);
    case 'kernels':
      return `No range names the operations with their places: they are the kernels between messages, forwards told from backwards by their kernels and threads. ${iterationsText(found)}`;
  }
}
