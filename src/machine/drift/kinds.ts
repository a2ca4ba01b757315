import type { Severity } from '#machine/define';
import type { FactRow } from '#schema/relation';

export type Value = FactRow['value'];

/**
 * How a fact is compared. `gauge`: it is another at any moment, and not compared. `counter`: it counts up, and what it rose by is told.
 * `amount`: a number of which less is worse. `state`: any change is told.
 */
type Nature = 'gauge' | 'counter' | 'amount' | 'state';

/** What a change of some facts is called, and how grave it is. */
export interface DriftKind {
  readonly kind: string;
  readonly nature: Nature;
  /** Of the change for the worse: a rise of a counter, a fall of an amount, any change of a state. */
  readonly severity: Severity;
  /** Of a change for the better, where there is one; `info` otherwise. */
  readonly better?: Severity;
  /** Values of a state that is as it should be: a change to one is no harm. */
  readonly good?: RegExp;
  readonly of: RegExp;
}

/** Facts by `entity name`: the first kind that fits counts. Grave is what takes work away from programs or loses data; what may slow them down is medium. */
export const KINDS: readonly DriftKind[] = [
  // Another at each moment: what a program does just now.
  {
    kind: 'moment',
    nature: 'gauge',
    severity: 'info',
    of: /^GPU \d+ (?:temperature\.(?!.*threshold)|utilization|voltage|fan_speed|performance_state|clocks\.|.*\.power_state$|.*_power_draw$|.*_memory_usage\.(?:used|free)$|pci\.[rt]x_util$|clocks_(?:event|throttle)_reasons\.|.*current_link_gen$|gpu_reset_status|supported_)/,
  },
  {
    kind: 'moment',
    nature: 'gauge',
    severity: 'info',
    of: /^(?:machine timestamp|git dirty|fabric manager (?:first_error)|NCCL (?:transport|first_|warnings)|vLLM (?:.*_max|first_error|kv_cache_tokens|max_concurrency)|kernel log)/,
  },
  // The histogram of the rows that are left follows from what was remapped.
  { kind: 'moment', nature: 'gauge', severity: 'info', of: /row_remapper_histogram/ },

  { kind: 'lost', nature: 'state', severity: 'high', good: /^$/, of: /^GPU \d+ error$/ },
  {
    kind: 'recovery',
    nature: 'state',
    severity: 'high',
    good: /^(?:None|false)$/i,
    of: /^GPU \d+ (?:gpu_recovery_action$|gpu_reset_status)/,
  },
  { kind: 'memory-errors', nature: 'counter', severity: 'high', of: /^GPU \d+ ecc_errors\..*(?:uncorrectable|double_bit|parity|secded)/ },
  { kind: 'memory-errors', nature: 'counter', severity: 'low', of: /^GPU \d+ ecc_errors\..*_?correctable/ },
  { kind: 'memory-errors', nature: 'counter', severity: 'high', of: /^GPU \d+ ecc_errors\.aggregate_uncorrectable_sram_sources/ },
  {
    kind: 'memory-state',
    nature: 'state',
    severity: 'high',
    good: /^(?:false|No)$/,
    of: /^GPU \d+ (?:ecc_errors\.|remapped_rows\..*(?:pending|failure)$|retired_pages\.pending)/,
  },
  { kind: 'remapped-rows', nature: 'counter', severity: 'high', of: /^GPU \d+ remapped_rows\..*_unc/ },
  { kind: 'remapped-rows', nature: 'counter', severity: 'medium', of: /^GPU \d+ (?:remapped_rows|retired_pages)\./ },
  { kind: 'ecc-mode', nature: 'state', severity: 'high', good: /^Enabled$/, of: /^GPU \d+ ecc_mode\./ },
  { kind: 'fabric', nature: 'state', severity: 'high', good: /^(?:Completed|Success|Healthy|Full|None|false)$/, of: /^GPU \d+ fabric\./ },
  { kind: 'fabric-manager', nature: 'state', severity: 'high', good: /^active$/, of: /^fabric manager state$/ },
  { kind: 'fabric-manager-errors', nature: 'counter', severity: 'medium', of: /^fabric manager (?:errors|sxid \d+)$/ },
  { kind: 'fabric-manager-errors', nature: 'counter', severity: 'low', of: /^fabric manager warnings$/ },
  { kind: 'pcie-width', nature: 'amount', severity: 'high', of: /^GPU \d+ pci\..*current_link_width$/ },
  { kind: 'pcie-limit', nature: 'amount', severity: 'medium', of: /^GPU \d+ pci\..*max_(?:device_|host_)?link_(?:gen|width)$/ },
  { kind: 'pcie-replays', nature: 'counter', severity: 'low', of: /^GPU \d+ pci\.replay/ },
  { kind: 'link-errors', nature: 'counter', severity: 'high', of: /^GPU \d+ link \d+ .*error/ },
  {
    kind: 'thermal-slowdown',
    nature: 'counter',
    severity: 'medium',
    of: /^GPU \d+ clocks_(?:event|throttle)_reasons_counters\..*(?:therm|power_brake)/,
  },
  // Work that draws much power is capped: as it should be.
  { kind: 'power-cap-time', nature: 'gauge', severity: 'info', of: /^GPU \d+ clocks_(?:event|throttle)_reasons_counters\./ },
  { kind: 'power-limit', nature: 'amount', severity: 'medium', better: 'low', of: /^GPU \d+ (?:gpu_|module_)?power_readings\..*limit$/ },
  { kind: 'clock-limit', nature: 'amount', severity: 'medium', better: 'low', of: /^GPU \d+ (?:default_)?(?:applications|max)_clocks\./ },
  { kind: 'memory-size', nature: 'amount', severity: 'high', better: 'low', of: /^GPU \d+ fb_memory_usage\.total$/ },
  { kind: 'mig', nature: 'state', severity: 'high', good: /^(?:Disabled|false)$/, of: /^GPU \d+ (?:mig_mode\.|nvlink_hidden_by_mig)/ },
  { kind: 'confidential-compute', nature: 'state', severity: 'medium', of: /^machine confidential_compute$/ },
  { kind: 'board', nature: 'state', severity: 'medium', of: /^GPU \d+ (?:product_name|board_part_number)$/ },
  { kind: 'affinity', nature: 'state', severity: 'medium', of: /^(?:GPU|NIC) \d+ (?:cpu_affinity|numa_affinity|gpu_numa_id)$/ },
  { kind: 'driver', nature: 'state', severity: 'medium', of: /^machine (?:driver_version|cuda_version)$/ },
  { kind: 'firmware', nature: 'state', severity: 'low', of: /^GPU \d+ (?:vbios_version|gsp_firmware_version)$/ },
  { kind: 'persistence', nature: 'state', severity: 'low', good: /^Enabled$/, of: /^GPU \d+ persistence_mode$/ },
  { kind: 'gpu-count', nature: 'amount', severity: 'high', better: 'low', of: /^machine attached_gpus$/ },
  {
    kind: 'version',
    nature: 'state',
    severity: 'medium',
    of: /^(?:software (?:torch|torch_cuda|nccl|vllm|sglang|cuda_runtime)|NCCL (?:version|cuda)|vLLM version)$/,
  },
  { kind: 'version', nature: 'state', severity: 'low', of: /^(?:software \w+|fabric manager version|host (?:kernel|node))$/ },
  { kind: 'variable', nature: 'state', severity: 'medium', of: /^environment (?:NCCL|CUDA|NVSHMEM|UCX)_/ },
  { kind: 'variable', nature: 'state', severity: 'low', of: /^environment / },
  { kind: 'nccl', nature: 'state', severity: 'medium', good: /^true$/, of: /^NCCL nvls$/ },
  { kind: 'nccl', nature: 'amount', severity: 'medium', of: /^NCCL / },
  { kind: 'vllm-errors', nature: 'counter', severity: 'medium', of: /^vLLM (?:preemptions|out_of_memory|nccl_errors)$/ },
  { kind: 'vllm', nature: 'state', severity: 'medium', of: /^vLLM / },
  {
    kind: 'container-limit',
    nature: 'amount',
    severity: 'medium',
    better: 'info',
    of: /^container (?:cpu_quota|cpuset_cpus|memory_max|shm|memlock|open_files)$/,
  },
  { kind: 'host', nature: 'amount', severity: 'medium', better: 'info', of: /^host (?:sockets|cores|threads|numa_nodes|memory_total)$/ },
  { kind: 'commit', nature: 'state', severity: 'info', of: /^git commit$/ },
  { kind: 'other', nature: 'state', severity: 'low', of: /^/ },
];

const OTHER: DriftKind = { kind: 'other', nature: 'state', severity: 'low', of: /^/ };

/** What kind of change a fact can have. */
export const kindOf = (entity: string, name: string): DriftKind => KINDS.find(({ of }) => of.test(`${entity} ${name}`)) ?? OTHER;
