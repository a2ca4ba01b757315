import { defineRule } from '#machine/define';
import { factOf, numberOf } from '#machine/gpus';

export default defineRule({
  id: 'out-of-memory',
  title: 'The server ran out of GPU memory',
  reason: 'Requests failed, or the engine restarted: what was measured around it is not the machine.',
  source: 'vLLM documentation, conserving memory; the multi-GPU guide, issue 2: memory bottleneck',
  severity: 'high',
  fix: 'Lower --gpu-memory-utilization (0.90 to 0.85) and --max-model-len, or --max-num-seqs; or give the model more GPUs.',
  needs: 'the log of vLLM',
  judges: ['vllm-log'],
  bears_on: ['kv-preemption', 'memory-allocation'],
  find({ facts }) {
    const lines = numberOf(facts, 'vLLM', 'out_of_memory');
    if (lines === undefined) return undefined;
    const last = factOf(facts, 'vLLM', 'last_error');
    return lines > 0 ? [{ entity: 'log of vLLM', seen: { lines, ...(last === undefined ? {} : { 'last error': String(last) }) } }] : [];
  },
});
