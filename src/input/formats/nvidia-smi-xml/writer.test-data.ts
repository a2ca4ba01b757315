import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

/** Paths of a GPU's facts, and their units. */
const FACTS = {
  'fb_memory_usage.used': 'MiB',
  'utilization.gpu_util': '%',
  'ecc_errors.volatile.dram_uncorrectable': '',
  'temperature.gpu_temp': 'C',
  'gpu_power_readings.average_power_draw': 'W',
  'module_power_readings.average_power_draw': 'W',
  'clocks.sm_clock': 'MHz',
} as const;
const NAMES = Object.entries(FACTS);

const rows = fc
  .array(fc.tuple(...NAMES.map(() => fc.nat(100))), { minLength: 1, maxLength: 3 })
  .map(gpus => [
    { entity: 'machine', name: 'timestamp', value: 'Sun Nov 22 01:48:07 2026', unit: '' },
    { entity: 'machine', name: 'driver_version', value: '580.159.04', unit: '' },
    { entity: 'machine', name: 'attached_gpus', value: gpus.length, unit: '' },
    ...gpus.flatMap((values, gpu) => NAMES.map(([name, unit], i) => ({ entity: `GPU ${gpu}`, name, value: values[i] ?? 0, unit }))),
  ]);

/** An element in those of its path. */
const nested = (path: readonly string[], text: string): string => {
  const [name, ...rest] = path;
  return name === undefined ? text : `<${name}>${nested(rest, text)}</${name}>`;
};

export default writing(rows, facts => {
  const ofGpu = (gpu: string) =>
    facts.filter(({ entity }) => entity === gpu).map(({ name, value, unit }) => nested(name.split('.'), `${value} ${unit}`.trim()));
  const gpus = new Set(facts.flatMap(({ entity }) => (entity === 'machine' ? [] : [entity])));
  return lined([
    '<?xml version="1.0" ?>',
    '<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v13.dtd">',
    '<nvidia_smi_log>',
    ...facts.filter(({ entity }) => entity === 'machine').map(({ name, value }) => `\t<${name}>${value}</${name}>`),
    ...[...gpus].flatMap(gpu => [`\t<gpu id="00000000:${gpu.slice(4)}8:00.0">`, ...ofGpu(gpu), '\t</gpu>']),
    '</nvidia_smi_log>',
  ]);
});
