import { medianOf } from '#core/math/median';
import { defineRule, type Sighting } from '#machine/define';
import { servingGpus } from '#machine/server-activity';

/** As of memory: the guide gives no other figure. Readings of nvidia-smi differ by a few points between GPUs that do the same. */
const BEHIND_PCT = 15;

export default defineRule({
  id: 'uneven-activity',
  title: 'A GPU of the server works less than the others',
  reason:
    'In a group of tensor parallelism all wait for the slowest, in kernels that count as work: one that is active for less does not do the same work.',
  source: 'multi-GPU guide, issue 4: all should rise together',
  severity: 'medium',
  fix: 'Look whether that GPU belongs to the same group (tensor-parallel size), whether another process uses the others, and at its links and clocks.',
  needs: 'samples of the GPUs under load, or doctor --quick',
  judges: [],
  bears_on: ['stage-imbalance', 'collective-wait'],
  find({ activity }) {
    if (activity?.isUnderLoad !== true || activity.gpus.length < 2) return undefined;
    const serving = servingGpus(activity).filter(g => g.utilizationPct !== undefined);
    return serving.flatMap((g): Sighting[] => {
      const others = serving.flatMap(o => (o === g ? [] : (o.utilizationPct ?? [])));
      const own = g.utilizationPct ?? 0;
      if (others.length === 0) return [];
      const usual = medianOf(others);
      return usual - own < BEHIND_PCT ? [] : [{ entity: `GPU ${g.gpu}`, seen: { '% active': own, '% active, the others': usual } }];
    });
  },
});
