import type { FactRow } from '#schema/relation';
import { boardHashes } from './board-hashes.ts';
import type { Element, Log } from './document.ts';
import { readValue } from './value.ts';

/** What is taken of a GPU: all that tells of its state, nothing that tells which piece of hardware it is or what runs on it. */
const TAKEN: ReadonlySet<string> = new Set([
  'product_name',
  'board_part_number',
  'product_architecture',
  'persistence_mode',
  'mig_mode',
  'gpu_virtualization_mode',
  'vbios_version',
  'gsp_firmware_version',
  'gpu_recovery_action',
  'gpu_reset_status',
  'c2c_mode',
  'pci',
  'fan_speed',
  'performance_state',
  'clocks_event_reasons',
  'clocks_throttle_reasons',
  'clocks_event_reasons_counters',
  'fb_memory_usage',
  'bar1_memory_usage',
  'compute_mode',
  'utilization',
  'ecc_mode',
  'ecc_errors',
  'retired_pages',
  'remapped_rows',
  'temperature',
  'supported_gpu_target_temp',
  'power_readings',
  'gpu_power_readings',
  'gpu_memory_power_readings',
  'module_power_readings',
  'clocks',
  'applications_clocks',
  'default_applications_clocks',
  'max_clocks',
  'clock_policy',
  'voltage',
  'fabric',
]);
/** Inside of these: what names a machine, and lists of addresses. */
const LEFT_OUT = /uuid|guid|serial|clique|pagelist|^pci_(?:bus|device|domain|base|sub)/i;

export const factsOfLog = ({ timestamp, driver_version, cuda_version, attached_gpus }: Log): FactRow[] =>
  Object.entries({ timestamp, driver_version, cuda_version, attached_gpus }).flatMap(([name, text]) => {
    const told = text === undefined ? undefined : readValue(name, text);
    return told === undefined || 'error' in told ? [] : [{ entity: 'machine', name, ...told }];
  });

/** Facts are named by their whole path, since the readings of a GPU and of its module share the names of their parts. */
export const factsOfGpu = (gpu: Element, entity: string): { facts: FactRow[]; warnings: string[] } => {
  const facts: FactRow[] = [];
  const errors = new Map<string, number>();
  const walk = (element: Element, path: readonly string[]): void => {
    if (typeof element !== 'string') {
      for (const [name, child] of Object.entries(element))
        if (path.length > 0 ? !LEFT_OUT.test(name) : TAKEN.has(name)) walk(child, [...path, name]);
      return;
    }
    const told = readValue(path.at(-1) ?? '', element);
    if (told === undefined) return;
    if ('error' in told) errors.set(told.error, (errors.get(told.error) ?? 0) + 1);
    else facts.push({ entity, name: path.join('.'), ...told });
  };
  walk(gpu, []);
  facts.push(...boardHashes(gpu).map(([name, value]) => ({ entity, name, value, unit: '' })));
  const [first] = errors.keys();
  if (first !== undefined) facts.push({ entity, name: 'error', value: first, unit: '' });
  const warnings = [...errors].map(([error, count]) => `${entity}: ${count} values are missing, with "${error}" in their place.`);
  return { facts, warnings };
};
