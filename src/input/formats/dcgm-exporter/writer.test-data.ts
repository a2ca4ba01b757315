import { iso, lined, samples, writing } from '#test/valid-rows';

const CLOCK = { metric: 'DCGM_FI_DEV_SM_CLOCK', unit: 'MHz', nature: 'gauge' } as const;
const METRICS = [
  { entity: 'GPU 0', ...CLOCK },
  { entity: 'GPU 1', ...CLOCK },
] as const;

export default writing(samples(METRICS, { most: 2000 }), rows =>
  lined(
    rows.flatMap(({ t_ms, entity, metric, value }) => [
      ...(entity === 'GPU 0' ? [`# ${iso(t_ms)}`, `# HELP ${metric} SM clock frequency (in MHz).`, `# TYPE ${metric} gauge`] : []),
      `${metric}{gpu="${entity.slice(4)}",UUID="GPU-${entity.slice(4)}",device="nvidia0",modelName="NVIDIA H100",Hostname="machine"} ${value}`,
    ]),
  ),
);
