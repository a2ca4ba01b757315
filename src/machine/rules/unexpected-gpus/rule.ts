import { defineRule } from '#machine/define';
import { factOf, gpusOf } from '#machine/gpus';
import { boardNamed, boardOf } from '#machine/peaks/boards';

/** Whether a GPU is what was asked for: the same board, or a name that holds the words. */
function isModel(product: string, model: string): boolean {
  const board = boardNamed(model);
  if (board !== undefined) return boardOf(product) === board;
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter(w => w !== '');
  const own = words(product);
  return words(model).every(w => own.includes(w));
}

export default defineRule({
  id: 'unexpected-gpus',
  title: 'The GPUs are not those that are expected',
  reason: 'A test on fewer or other GPUs is no test of the machine that was meant; a missing one may have fallen off the bus.',
  source: 'the guide for 8×B200, pre-flight checks: eight GPUs, of the model B200',
  severity: 'high',
  fix: 'Look for Xid 79 in the log of the kernel, at CUDA_VISIBLE_DEVICES and at what the container was given; or say with --expect what is right.',
  needs: '--expect, and nvidia-smi -q -x',
  judges: [],
  bears_on: [],
  find({ facts, expected }) {
    const gpus = gpusOf(facts);
    if (expected === undefined || gpus.length === 0) return undefined;
    const attached = Number(factOf(facts, 'machine', 'attached_gpus') ?? gpus.length);
    const others = gpus.filter(g => !isModel(g.text('product_name') ?? '', expected.model));
    const names = [...new Set(others.map(g => g.text('product_name') ?? 'unknown'))].join(', ');
    const seen = {
      ...(attached === expected.gpus ? {} : { 'GPUs expected': expected.gpus, 'GPUs found': attached }),
      ...(others.length === 0 ? {} : { 'model expected': expected.model, 'model found': names, 'of other models': others.length }),
    };
    return Object.keys(seen).length > 0 ? [{ entity: 'machine', seen }] : [];
  },
});
