import { medianOf } from '#core/math/median';
import { defineRule, type Sighting } from '#machine/define';
import { HOLDS_MODEL_MIB, servingGpus } from '#machine/server-activity';

/** From here on the guide calls a difference large. Its example, 35 GB beside 42, is 17 % of what the others hold and 15 points of what the GPU has. */
const BEHIND = 0.15;

export default defineRule({
  id: 'uneven-memory',
  title: 'A GPU of the server holds less than the others',
  reason:
    'Tensor parallelism gives each GPU the same share of the weights and of the cache: one that holds less has not begun whole, or serves another part.',
  source: 'multi-GPU guide, issue 3: unbalanced GPU memory, more than 15 %',
  severity: 'medium',
  fix: 'Restart the server; where one GPU stays behind, look in its log at what that rank loaded, and whether layers are split unevenly (pipeline parallelism).',
  needs: 'the GPUs while the server runs: nvidia-smi -q -x, samples, or doctor --quick',
  judges: [],
  bears_on: ['stage-imbalance', 'kv-preemption'],
  find({ activity }) {
    if (activity === undefined || activity.gpus.length < 2) return undefined;
    const serving = servingGpus(activity);
    return serving.flatMap((g): Sighting[] => {
      const others = serving.flatMap(o => (o === g || o.memoryUsedMib === undefined ? [] : [o.memoryUsedMib]));
      if (g.memoryUsedMib === undefined || others.length === 0) return [];
      const usual = medianOf(others);
      const behind = usual < HOLDS_MODEL_MIB ? 0 : 1 - g.memoryUsedMib / usual;
      return behind < BEHIND
        ? []
        : [{ entity: `GPU ${g.gpu}`, seen: { 'MiB in use': g.memoryUsedMib, 'MiB in use by the others': usual, '% less': behind * 100 } }];
    });
  },
});
