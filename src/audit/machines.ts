import { type Board, boardNamed } from '#machine/peaks/boards';

/** What a GPU model draws and carries, as far as somebody measured or stated it. null where nobody did. */
export interface Machine {
  readonly model: string;
  /** What its name looks like in the vendor's spelling and in people's. */
  readonly name: RegExp;
  /** One GPU, nothing running, W; and on how many GPUs it was read. */
  readonly idle_w: number | null;
  readonly idle_source: string;
  readonly limit_w: number | null;
  /** Of the table of published peaks, whose NVLinks it has. */
  readonly board: string;
  /** A published result of the same machine, for scale. */
  readonly published?: string;
}

const NVML = 'NVIDIA/k8s-test-infra, nvidia-smi -q -x';
/**
 * Idle and limit: `nvidia-smi -q -x` of real machines at 0 % utilization (qx-*.xml of NVIDIA/k8s-test-infra; H200: our own host).
 * The specific names come before the general ones.
 */
export const MACHINES: readonly Machine[] = [
  { model: 'GB200', name: /\bGB200\b/i, idle_w: null, idle_source: '', limit_w: 1200, board: 'GB200' },
  {
    model: 'B200',
    name: /\bB200\b/i,
    idle_w: 1596.92 / 8,
    idle_source: `8×B200 idle draw 1,596.9 W (${NVML}, qx-b200.xml)`,
    limit_w: 1000,
    board: 'B200',
    published:
      'For scale (another model): MLPerf Inference v5.1, 8×B200, llama2-70b Server: 99,204 tok/s at 10,435 W at the wall, 9.51 tok/J.',
  },
  { model: 'H200 NVL', name: /\bH200[ -]?NVL\b/i, idle_w: null, idle_source: '', limit_w: 600, board: 'H200 NVL' },
  {
    model: 'H200',
    name: /\bH200\b/i,
    idle_w: 79,
    idle_source: '2×H200 idle draw 158.0 W (our host, nvidia-smi -q -x)',
    limit_w: 700,
    board: 'H200 SXM',
  },
  { model: 'H100 NVL', name: /\bH100[ -]?NVL\b/i, idle_w: null, idle_source: '', limit_w: 400, board: 'H100 NVL' },
  { model: 'H100 PCIe', name: /\bH100[ -]?PCIe\b/i, idle_w: null, idle_source: '', limit_w: 350, board: 'H100 PCIe' },
  {
    model: 'H100',
    name: /\bH100\b/i,
    idle_w: 548.37 / 8,
    idle_source: `8×H100 idle draw 548.4 W (${NVML}, qx-h100.xml)`,
    limit_w: 700,
    board: 'H100 SXM',
  },
  {
    model: 'A100',
    name: /\bA100\b/i,
    idle_w: 49.68,
    idle_source: `1×A100 idle draw 49.7 W (${NVML}, qx-a100.xml)`,
    limit_w: 400,
    board: 'A100 SXM 80 GB',
  },
  {
    model: 'L40S',
    name: /\bL40S\b/i,
    idle_w: 66.16,
    idle_source: `1×L40S idle draw 66.2 W (${NVML}, qx-l40s.xml)`,
    limit_w: 350,
    board: 'L40S',
  },
  { model: 'RTX 6000 Ada', name: /\bRTX ?6000 Ada\b/i, idle_w: null, idle_source: '', limit_w: 300, board: 'RTX 6000 Ada' },
];

/** The machine that a name means; undefined where it is not in the table. */
export const machineNamed = (name: string): Machine | undefined => MACHINES.find(m => m.name.test(name));
/** What is published of the board of a model of this table. */
export const boardOfModel = (model: string): Board | undefined => {
  const machine = MACHINES.find(m => m.model === model);
  return machine === undefined ? undefined : boardNamed(machine.board);
};
/** Its NVLinks, and what one carries in one direction, GB/s. */
export function linksOf(machine: Machine): { readonly links: number; readonly link_gb_per_s: number } {
  const { links, link } = boardNamed(machine.board) ?? { links: 0, link: 0 };
  return { links, link_gb_per_s: link };
}

const COUNTED = new RegExp(
  `(?:^|[^0-9a-z])(\\d+)x(?:nvidia[ _-]?)?(${MACHINES.map(m => m.name.source.replaceAll('\\b', '')).join('|')})(?![0-9a-z])`,
  'i',
);
/** The machine that a file or run is named after: "power_8xB200_1028". */
export function machineInName(name: string): { readonly model: string; readonly gpus: number } | undefined {
  const [, count, model = ''] = COUNTED.exec(name) ?? [];
  const machine = machineNamed(model);
  return machine === undefined ? undefined : { model: machine.model, gpus: Number(count) };
}
