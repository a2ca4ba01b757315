import type { MachineFacts } from '#machine/machine-facts';
import type { FactRow } from '#schema/relation';

const LINKS = 18;
const row = (entity: string, name: string, value: FactRow['value'], unit = ''): FactRow => ({ entity, name, value, unit });

/** One GPU at work, as nvidia-smi -q -x, nvlink -s and -e tell it. */
function gpuFacts(gpu: number): FactRow[] {
  const own = (name: string, value: FactRow['value'], unit = '') => row(`GPU ${gpu}`, name, value, unit);
  const link = 'pci.pci_gpu_link_info';
  return [
    own('product_name', 'NVIDIA H100 80GB HBM3'),
    own('mig_mode.current_mig', 'Disabled'),
    own(`${link}.pcie_gen.max_link_gen`, 5),
    own(`${link}.pcie_gen.current_link_gen`, 5),
    own(`${link}.link_widths.max_link_width`, 16, 'x'),
    own(`${link}.link_widths.current_link_width`, 16, 'x'),
    own('clocks_event_reasons.clocks_event_reason_gpu_idle', false),
    own('clocks_event_reasons.clocks_event_reason_hw_slowdown', false),
    own('clocks_event_reasons.clocks_event_reason_applications_clocks_setting', false),
    own('clocks_event_reasons_counters.clocks_event_reasons_counters_hw_therm_slowdown', 0, 'us'),
    own('fb_memory_usage.total', 81_559, 'MiB'),
    own('fb_memory_usage.used', 70_000, 'MiB'),
    own('utilization.gpu_util', 90, '%'),
    own('ecc_errors.volatile.dram_uncorrectable', 0),
    own('ecc_errors.aggregate.dram_uncorrectable', 0),
    own('remapped_rows.remapped_row_unc', 0),
    own('remapped_rows.remapped_row_pending', false),
    own('remapped_rows.remapped_row_failure', false),
    own('temperature.gpu_temp', 62, 'C'),
    own('temperature.gpu_temp_tlimit', 24, 'C'),
    own('temperature.gpu_temp_slow_tlimit_threshold', -2, 'C'),
    own('temperature.gpu_temp_max_gpu_tlimit_threshold', 0, 'C'),
    own('gpu_power_readings.current_power_limit', 700, 'W'),
    own('gpu_power_readings.default_power_limit', 700, 'W'),
    own('applications_clocks.graphics_clock', 1980, 'MHz'),
    own('default_applications_clocks.graphics_clock', 1980, 'MHz'),
    own('fabric.state', 'Completed'),
    own('fabric.status', 'Success'),
    own('fabric.health.summary', 'Healthy'),
    ...Array.from({ length: LINKS }, (_, k) => `GPU ${gpu} link ${k}`).flatMap(entity => [
      row(entity, 'active', true),
      row(entity, 'speed', 26.562, 'GB/s'),
      row(entity, 'replay_errors', 0),
    ]),
  ];
}

const GPUS = [0, 1, 2, 3];
const PAIRS = GPUS.flatMap(a => GPUS.filter(b => b > a).map(b => `GPU ${a}-GPU ${b}`));

/** Four H100 with NVSwitch that serve one model, as every source tells them: nothing is wrong. */
export const healthyFacts = (): FactRow[] => [
  row('machine', 'attached_gpus', GPUS.length),
  ...GPUS.flatMap(gpuFacts),
  ...PAIRS.flatMap(pair => [row(pair, 'link', 'NV18'), row(pair, 'peer_to_peer', 'OK')]),
  row('environment', 'NCCL_DEBUG', 'WARN'),
  row('environment', 'NCCL_P2P_LEVEL', 'NVL'),
  row('host', 'dcgm', false),
  row('kernel log', 'xids', 0),
  row('fabric manager', 'state', 'active'),
  row('fabric manager', 'errors', 0),
  row('NCCL', 'warnings', 0),
  row('NCCL', 'transport.P2P', 96),
  row('vLLM', 'tensor_parallel_size', GPUS.length),
  row('vLLM', 'max_model_len', 32_768),
  row('vLLM', 'kv_cache_tokens', 400_000),
  row('vLLM', 'kv_cache_usage_max', 61.5, '%'),
  row('vLLM', 'preemptions', 0),
  row('vLLM', 'out_of_memory', 0),
  row('vLLM', 'nccl_errors', 0),
  row('machine', 'passed_test', 'peer access'),
];

/** The same, with what was counted and what is expected. */
export const machineOf = (facts: readonly FactRow[], more: Partial<MachineFacts> = {}): MachineFacts => ({
  xids: [],
  links: [],
  expected: { gpus: GPUS.length, model: 'H100 SXM' },
  ...more,
  facts,
});

/** Facts with some told otherwise; what nobody told before is added. */
export function changed(
  facts: readonly FactRow[],
  ...changes: readonly (readonly [entity: string, name: string, value: FactRow['value']])[]
): FactRow[] {
  const others = facts.filter(f => !changes.some(([entity, name]) => f.entity === entity && f.name === name));
  return [...changes.map(([entity, name, value]) => row(entity, name, value)), ...others];
}
