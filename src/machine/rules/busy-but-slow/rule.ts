import { defineRule } from '#machine/define';
import { BUSY_PCT, isSlow, meanUtilization } from '#machine/server-activity';

export default defineRule({
  id: 'busy-but-slow',
  title: 'GPUs are busy throughout, and the server gives less than half of what is expected',
  reason: 'A kernel of NCCL that waits for another GPU counts as work: they wait for one another.',
  source: 'multi-GPU guide, issue 4: high GPU utilization but low throughput',
  severity: 'high',
  fix: 'Look at the NCCL variables (NCCL_P2P_DISABLE must not be 1) and at nvidia-smi topo -m; send fewer requests at once (--max-num-seqs 1) and let prompts be cut (--enable-chunked-prefill) to see which helps. forensics capture shows who waits for whom.',
  needs: 'doctor --quick or --full with an expected rate',
  judges: [],
  bears_on: ['collective-wait', 'slow-collective'],
  find({ activity }) {
    const pct = activity === undefined ? undefined : meanUtilization(activity);
    if (activity?.isUnderLoad !== true || activity.expected === undefined) return undefined;
    if (activity.gpus.length < 2 || pct === undefined || pct < BUSY_PCT || !isSlow(activity)) return [];
    const { tokensPerS = 0, expected = 0 } = activity;
    return [
      {
        entity: 'the server',
        seen: { '% active, all GPUs': pct, 'tokens a second': tokensPerS, 'expected at least': expected },
      },
    ];
  },
});
