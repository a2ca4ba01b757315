import { defineRule } from '#machine/define';
import { gpusOf } from '#machine/gpus';

/** Names since driver 530, and before it. */
const LIMIT = ['gpu_power_readings.current_power_limit', 'power_readings.current_power_limit', 'power_readings.enforced_power_limit'];
const USUAL = ['gpu_power_readings.default_power_limit', 'power_readings.default_power_limit'];

export default defineRule({
  id: 'low-power-cap',
  title: 'The power limit of a GPU is below its default',
  reason: 'At full load it lowers its clocks earlier than others of its kind.',
  source: 'man 1 nvidia-smi, --power-limit; -q, default power limit',
  severity: 'medium',
  fix: 'nvidia-smi -pl with the default limit, where nobody meant to save power; look at the supply of the rack before.',
  needs: 'nvidia-smi -q -x',
  judges: ['nvidia-smi-xml'],
  bears_on: ['clock-throttle'],
  find({ facts }) {
    const told = gpusOf(facts).flatMap(gpu => {
      const [limit, usual] = [LIMIT, USUAL].map(names => names.map(gpu.number).find(v => v !== undefined));
      return limit === undefined || usual === undefined ? [] : [{ entity: gpu.entity, limit, usual }];
    });
    if (told.length === 0) return undefined;
    return told.filter(t => t.limit < t.usual).map(t => ({ entity: t.entity, seen: { 'limit (W)': t.limit, 'default (W)': t.usual } }));
  },
});
