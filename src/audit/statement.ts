/** What a number can be said to be, each with the one unit it is kept in. */
export const QUANTITIES = {
  gpus: '',
  ranks: '',
  /** GPUs that a printed topology matrix shows. */
  topology_gpus: '',
  /** NVLinks between two GPUs, as `NV18` of `nvidia-smi topo -m`. */
  links_per_pair: '',
  /** 1 where it is said that the links are all up. */
  links_full: '',
  duration_s: 's',
  asked_duration_s: 's',
  sampled_s: 's',
  requested_rate: 'req/s',
  requests_per_s: 'req/s',
  sent: '',
  completed: '',
  /** Answers that came within the time of which a rate is told, whenever they were asked for. */
  completed_in_window: '',
  failed: '',
  concurrency: '',
  input_tokens: '',
  /** Tokens without word on whether the prompt's count: what most tools mean by tokens. */
  output_tokens: '',
  /** Tokens received within that time. */
  output_tokens_in_window: '',
  output_tokens_per_s: 'tok/s',
  total_tokens_per_s: 'tok/s',
  max_new_tokens: '',
  max_prompt_tokens: '',
  /** `of` is the metric, `statistic` the figure. */
  latency_ms: 'ms',
  power_mean_w: 'W',
  power_min_w: 'W',
  power_max_w: 'W',
  power_limit_w: 'W',
  /** The highest limit that a GPU can be set to, of its product. */
  power_limit_max_w: 'W',
  /** Drawn with nothing running and no memory in use, of the GPU's model. */
  power_idle_w: 'W',
  /** The GPU's number in its file, of its product as the driver names it. */
  gpu_number: '',
  gpu_memory_used_mib: 'MiB',
  /** Of the product. */
  gpu_memory_total_mib: 'MiB',
  /** One way; `of` says which. */
  pcie_gb_per_s: 'GB/s',
  pcie_generation: '',
  pcie_width: 'lanes',
  /** Parts that are added up, in the unit that `text` names; `of` is what they are parts of. */
  parts: '',
  /** What the parts of the same `of` make, or may make at most. */
  whole: '',
  energy_j: 'J',
  tokens_per_joule: 'tok/J',
  electricity_usd_per_kwh: '$/kWh',
  gpu_usd_per_hour: '$/h',
  /** Power usage effectiveness: what the building draws for each watt of the machine. */
  pue: '',
  /** GPUs that are paid for. */
  gpus_paid: '',
  usd_per_million_tokens: '$/1M tokens',
  bubble_share: '',
  /** Throughput of one schedule over that of another; `of` names the other. */
  throughput_gain: '×',
  /** By how much activations take more memory than in another schedule, as a share of it. */
  activation_growth: '',
  microbatches: '',
  virtual_stages: '',
  p2p_gb_per_s: 'GB/s',
  all_reduce_gb_per_s: 'GB/s',
  /** NVLinks of one GPU, of which it is said that they are up. */
  links_per_gpu: '',
  /** Dense products of matrices; `of` is the precision. */
  tflops: 'TFLOP/s',
  /** Share of the published peak of such products that is said to be reached. */
  peak_share: '',
} as const;
export type Quantity = keyof typeof QUANTITIES;

/** Where a number was read, so that a reader can look. */
export interface Source {
  readonly file: string;
  /** From 1; null where the file has no lines. */
  readonly line: number | null;
  /** Field of a file without lines, as `power.mean_w`; null in text. */
  readonly path: string | null;
}

/** One number that a file states. */
export interface Statement {
  /** Run, step or sentence that it is said of. */
  readonly subject: string;
  readonly quantity: Quantity;
  /** What the quantity alone leaves open: the latency's metric, the GPU's model, what a power is of. Else ''. */
  readonly of: string;
  /** For latencies: 'mean', 'min', 'max', 'std', or 0.99 for p99. */
  readonly statistic: string | number | null;
  /** In the unit of the quantity, as `lower` and `upper` are. */
  readonly value: number;
  /** What the number may stand for, given how it was rounded, and "below" or "above" in words. */
  readonly lower: number;
  readonly upper: number;
  /** A result of a run; a setting of it; or what a run should reach. */
  readonly role: 'result' | 'setting' | 'target';
  /** How many values a latency figure rests on. */
  readonly n: number | null;
  /** As it was written, with its unit. */
  readonly text: string;
  /** From the file inwards: file, section, table or paragraph, row or sentence. Equal scopes speak of the same thing. */
  readonly scope: readonly string[];
  /** The sweep it is a step of: rows of one table. null where it stands alone. */
  readonly sweep: string | null;
  readonly source: Source;
}

/** All that is known of a statement but its number. */
export type Frame = Pick<Statement, 'subject' | 'role' | 'scope' | 'sweep' | 'source'>;

/** A statement whose number is exact: it was read from a field, not from prose. */
export const exactStatement = (
  frame: Frame,
  quantity: Quantity,
  value: number,
  more: Partial<Pick<Statement, 'of' | 'statistic' | 'lower' | 'upper' | 'n' | 'text'>> = {},
): Statement => ({
  ...frame,
  quantity,
  of: '',
  statistic: null,
  value,
  lower: value,
  upper: value,
  n: null,
  text: `${value}${QUANTITIES[quantity] === '' ? '' : ` ${QUANTITIES[quantity]}`}`,
  ...more,
});
