import { defineRule } from '#machine/define';
import { idleGpus } from '#machine/server-activity';

const FIX =
  'Set the tensor-parallel size of the server to the number of GPUs (vLLM: --tensor-parallel-size, VLLM_TENSOR_PARALLEL_SIZE) and restart it; or give the GPUs that are to spare to something else.';

export default defineRule({
  id: 'idle-gpus',
  title: 'GPUs stand idle while others serve',
  reason: 'What one of them could hold and compute the others do alone: the model does not run across all GPUs (tensor parallelism).',
  source: 'multi-GPU guide, issue 1: only GPU 0 is active',
  // Who asked for one GPU has what was asked for: only the size that the server was told to have tells more (rule tensor-parallel-size).
  severity: 'medium',
  fix: FIX,
  needs: 'the GPUs while the server runs: nvidia-smi -q -x, samples, or doctor --quick',
  judges: [],
  bears_on: ['queueing'],
  find: ({ activity }) =>
    activity === undefined || activity.gpus.length < 2
      ? undefined
      : idleGpus(activity).map(g => ({
          entity: `GPU ${g.gpu}`,
          seen: {
            ...(g.memoryUsedMib === undefined ? {} : { 'MiB in use': g.memoryUsedMib }),
            ...(g.utilizationPct === undefined ? {} : { '% active': g.utilizationPct }),
          },
          told: activity.isUnderLoad ? undefined : { severity: 'low', meaning: 'while nobody is known to have asked anything', fix: FIX },
        })),
});
