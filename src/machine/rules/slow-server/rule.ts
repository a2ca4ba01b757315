import { defineRule } from '#machine/define';
import { BUSY_PCT, isSlow, meanUtilization } from '#machine/server-activity';

export default defineRule({
  id: 'slow-server',
  title: 'The server gives less than half of what is expected',
  reason: 'Its GPUs are not busy throughout: something else holds it up.',
  source: 'multi-GPU guide, issue 2: poor throughput despite all GPUs active',
  severity: 'high',
  fix: 'Look for errors of NCCL in its log (NCCL_DEBUG=WARN; NCCL_P2P_DISABLE must not be 1), for memory that ran out (lower --gpu-memory-utilization to 0.85 or --max-model-len), and at nvidia-smi topo -m: over PCIe no setting helps.',
  needs: 'doctor --quick or --full with an expected rate',
  judges: [],
  bears_on: [],
  find({ activity }) {
    if (activity?.isUnderLoad !== true || activity.expected === undefined) return undefined;
    if (!isSlow(activity) || (meanUtilization(activity) ?? 0) >= BUSY_PCT) return [];
    const { tokensPerS = 0, expected = 0 } = activity;
    const pct = meanUtilization(activity);
    return [
      {
        entity: 'the server',
        seen: {
          'tokens a second': tokensPerS,
          'expected at least': expected,
          ...(pct === undefined ? {} : { '% active, all GPUs': pct }),
        },
      },
    ];
  },
});
