import type { GpuOps } from '#trace/events/gpu-ops';

/**
 * Kernels of an optimizer's step, by the names of the algorithms (Adam, SGD, LAMB, …) and of the kernel that applies one to many tensors at once, in which
 * PyTorch and Apex run them. Names are words of their own: `lambda` is no LAMB.
 */
const OPTIMIZER =
  /multi_?tensor_?apply|(?:^|[^A-Za-z])(?:fused_?)?(?:adamw?|sgd|lamb|lion|adagrad|adadelta|rmsprop|adafactor|muon)(?![a-z])|(?:Adam|AdamW|SGD|Sgd|LAMB|Lamb|Lion|Adagrad|Adadelta|RMSprop|Adafactor|Muon)(?![a-z])/;
/** Kernels of a backward pass, as libraries name them: the gradient of an input or of a weight. */
const BACKWARD = /backward|(?:^|[^a-z])bwd(?![a-z])|Bwd|dgrad|wgrad|(?:^|_)grad_(?:input|weight|output|bias)/i;

/** What the names of a trace's kernels say of training: ids of names. */
export interface TrainingKernels {
  readonly optimizer: ReadonlySet<number>;
  readonly backward: ReadonlySet<number>;
}

const idsOf = ({ names }: Pick<GpuOps, 'names'>, pattern: RegExp): ReadonlySet<number> =>
  new Set([...names].filter(([, name]) => pattern.test(name)).map(([id]) => id));

/** Finds the kernels that only training runs. Serving computes no gradient and steps no optimizer. */
export const trainingKernels = (ops: Pick<GpuOps, 'names'>): TrainingKernels => ({
  optimizer: idsOf(ops, OPTIMIZER),
  backward: idsOf(ops, BACKWARD),
});

/** Whether any kernel of a trace is one that only training runs. */
export function isTraining(ops: Pick<GpuOps, 'names'>): boolean {
  const { optimizer, backward } = trainingKernels(ops);
  return optimizer.size + backward.size > 0;
}
