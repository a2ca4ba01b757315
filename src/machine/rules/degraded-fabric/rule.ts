import { defineRule } from '#machine/define';
import { gpusOf } from '#machine/gpus';

/** What a healthy fabric says of itself; a word that is not here is a fault. */
const WELL: Readonly<Record<string, RegExp>> = {
  'fabric.state': /^Completed$/i,
  'fabric.status': /^Success$/i,
  'fabric.health.summary': /^Healthy$/i,
  'fabric.health.bandwidth': /^Full$/i,
  'fabric.health.route_recovery_in_progress': /^false$/i,
  'fabric.health.route_unhealthy': /^false$/i,
  'fabric.health.access_timeout_recovery': /^false$/i,
  'fabric.health.incorrect_configuration': /^(?:none|false)$/i,
};

export default defineRule({
  id: 'degraded-fabric',
  title: 'The NVLink fabric of a GPU is not healthy',
  reason:
    'A GPU whose routes are degraded reaches its peers slowly or not at all, and a collective goes at the pace of its slowest member.',
  source: 'NVIDIA Fabric Manager user guide; man 1 nvidia-smi, -q, Fabric; nvml.h, nvmlGpuFabricInfo_v2',
  severity: 'high',
  fix: 'Restart the fabric manager and reset the GPUs; if it stays so drain the machine and have switches, trays and cables looked at.',
  needs: 'nvidia-smi -q -x of GPUs with NVSwitch',
  judges: ['nvidia-smi-xml'],
  bears_on: ['slow-collective', 'handoff-exposed'],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.text('fabric.state') !== undefined);
    if (told.length === 0) return undefined;
    return told.flatMap(gpu => {
      const bad = Object.entries(WELL).flatMap(([name, well]) => {
        const value = gpu.text(name);
        return value === undefined || well.test(value) ? [] : [[name.replace(/^fabric\.(?:health\.)?/, 'fabric '), value] as const];
      });
      return bad.length > 0 ? [{ entity: gpu.entity, seen: Object.fromEntries(bad) }] : [];
    });
  },
});
