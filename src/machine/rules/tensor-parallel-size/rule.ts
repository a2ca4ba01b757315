import { defineRule } from '#machine/define';
import { gpusOf, numberOf } from '#machine/gpus';

/** A GPU that holds less of its memory than this serves no model: a context alone takes some hundred MiB. */
const HOLDS_A_MODEL = 0.05;

export default defineRule({
  id: 'tensor-parallel-size',
  title: 'vLLM does not run on the GPUs that are there',
  reason: 'A model on fewer GPUs than it could have is slower and has less room for its cache; on more than there are it does not start.',
  source: 'vLLM documentation, --tensor-parallel-size; the multi-GPU guide, checks 2 and 3, issue 1',
  severity: 'medium',
  fix: 'Set --tensor-parallel-size (VLLM_TENSOR_PARALLEL_SIZE) to the number of GPUs that the model is to use, and restart the server; if they should be others’, leave it.',
  needs: 'the log of vLLM, and nvidia-smi -q -x while the server runs',
  judges: ['vllm-log'],
  bears_on: ['queueing', 'kv-preemption'],
  find({ facts }) {
    const tensor = numberOf(facts, 'vLLM', 'tensor_parallel_size');
    const gpus = gpusOf(facts).filter(g => g.number('fb_memory_usage.total') !== undefined);
    if (tensor === undefined || gpus.length === 0) return undefined;
    const [pipeline = 1, data = 1] = ['pipeline_parallel_size', 'data_parallel_size'].map(name => numberOf(facts, 'vLLM', name));
    const asked = tensor * pipeline * data;
    const working = gpus.filter(
      g => (g.number('fb_memory_usage.used') ?? 0) > HOLDS_A_MODEL * (g.number('fb_memory_usage.total') ?? 0),
    ).length;
    const seen = {
      'tensor parallel size': tensor,
      'GPUs asked for': asked,
      'GPUs that hold a model': working,
      'GPUs of the machine': gpus.length,
    };
    if (asked > gpus.length) return [{ entity: 'vLLM', seen, told: { severity: 'high', meaning: 'there are not so many GPUs' } }];
    if (working > 0 && working < asked)
      return [{ entity: 'vLLM', seen, told: { severity: 'high', meaning: 'some of its ranks did not start' } }];
    return asked < gpus.length && working < gpus.length ? [{ entity: 'vLLM', seen }] : [];
  },
});
