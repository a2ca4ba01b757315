import { defineRule } from '#machine/define';
import { gpusOf } from '#machine/gpus';

export default defineRule({
  id: 'lost-gpu',
  title: 'A GPU does not answer, or the driver asks for it to be recovered',
  reason: 'Nothing can run on it, and what ran on it has ended.',
  source: 'man 1 nvidia-smi: "GPU is lost", "GPU requires reset", gpu_recovery_action',
  severity: 'high',
  fix: 'Drain the machine and restart it; look for Xid errors in the log of the kernel. If it comes back look at power, cooling and the slot, and have the GPU replaced.',
  needs: 'nvidia-smi -q -x',
  judges: ['nvidia-smi-xml'],
  bears_on: [],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.rows.some(r => r.name !== 'product_name'));
    if (told.length === 0) return undefined;
    return told.flatMap(gpu => {
      const seen = {
        ...(gpu.text('error') === undefined ? {} : { error: gpu.text('error') ?? '' }),
        ...(gpu.text('gpu_recovery_action') === undefined ? {} : { 'recovery action': gpu.text('gpu_recovery_action') ?? '' }),
      };
      return Object.keys(seen).length > 0 ? [{ entity: gpu.entity, seen }] : [];
    });
  },
});
