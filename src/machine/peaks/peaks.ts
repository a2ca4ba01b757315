/** Dense tensor-core rates, without sparsity, TFLOP/s. */
export type Precision = 'float64' | 'float32' | 'tf32' | 'float16' | 'bfloat16' | 'float8';

/** What the maker publishes of one board. null where it publishes nothing, or the boards of one name differ. */
export interface Peaks {
  readonly board: string;
  /** The names that the driver gives it. */
  readonly names: RegExp;
  readonly tflops: Readonly<Partial<Record<Precision, number>>>;
  /** GB/s. */
  readonly memory: number | null;
  /** All NVLinks, one way, GB/s; 0 where it has none, or needs a bridge that may be missing. */
  readonly nvlink: number;
  /** To and from the host, one way, GB/s: the raw rate of 16 lanes, or of NVLink-C2C. */
  readonly host: number | null;
  readonly source: string;
}

/** Raw rates of 16 lanes one way, GB/s (PCI-SIG: 16 and 32 GT/s a lane, 128b/130b). */
const PCIE4 = 31.5;
const PCIE5 = 63;

const hopper = { float64: 66.9, float32: 66.9, tf32: 494.7, float16: 989.4, bfloat16: 989.4, float8: 1978.9 } as const;
const ampere = { float64: 19.5, float32: 19.5, tf32: 156, float16: 312, bfloat16: 312 } as const;
/** The NVL's clocks are lower: half of the rates with sparsity that its brief gives. */
const hopperNvl = { float64: 60, float32: 60, tf32: 417.5, float16: 835.5, bfloat16: 835.5, float8: 1670.5 } as const;

/**
 * Boards by the name that the driver gives them: a name stands for one board and form, and no peak is guessed from the chip. Where a document gives rates with
 * sparsity, half of them stands here. float64 is that of the tensor cores. The specific names come before the general ones.
 */
export const PEAKS: readonly Peaks[] = [
  {
    board: 'GB200',
    names: /\bGB200\b/,
    tflops: { float64: 40, float32: 80, tf32: 1250, float16: 2500, bfloat16: 2500, float8: 5000 },
    ...{ memory: 8000, nvlink: 900, host: 450, source: 'NVIDIA GB200 NVL72 datasheet, for each GPU, half of the rates with sparsity' },
  },
  {
    board: 'B200',
    names: /\bB200\b/,
    tflops: { float64: 37, float32: 75, tf32: 1100, float16: 2250, bfloat16: 2250, float8: 4500 },
    ...{ memory: 7700, nvlink: 900, host: PCIE5, source: 'NVIDIA HGX B200 datasheet, for each GPU, half of the rates with sparsity' },
  },
  {
    board: 'GB10',
    names: /\bGB10\b/,
    tflops: {},
    ...{ memory: 273, nvlink: 0, host: null, source: 'NVIDIA DGX Spark datasheet: it gives FP4 with sparsity alone' },
  },
  {
    board: 'GH200',
    names: /\bGH200\b/,
    tflops: hopper,
    // 96 GB of HBM3 or 144 GB of HBM3e: the name does not tell which.
    ...{ memory: null, nvlink: 450, host: 450, source: 'NVIDIA GH200 Grace Hopper Superchip datasheet' },
  },
  {
    board: 'H200 NVL',
    names: /\bH200 NVL\b/,
    tflops: hopperNvl,
    ...{ memory: 4800, nvlink: 450, host: PCIE5, source: 'NVIDIA H200 datasheet (NVL), half of the rates with sparsity' },
  },
  {
    board: 'H200 SXM',
    names: /\bH200\b/,
    tflops: hopper,
    ...{ memory: 4800, nvlink: 450, host: PCIE5, source: 'NVIDIA H200 datasheet; rates: NVIDIA H100 Tensor Core GPU Architecture, table 2 (SXM5)' },
  },
  {
    board: 'H100 NVL',
    names: /\bH100 NVL\b/,
    tflops: hopperNvl,
    ...{ memory: 3900, nvlink: 300, host: PCIE5, source: 'NVIDIA H100 NVL product brief, half of the rates with sparsity' },
  },
  {
    board: 'H100 PCIe',
    names: /\bH100 PCIe\b/,
    tflops: { float64: 51.2, float32: 51.2, tf32: 378, float16: 756.4, bfloat16: 756.4, float8: 1513 },
    ...{ memory: 2000, nvlink: 300, host: PCIE5, source: 'NVIDIA H100 Tensor Core GPU Architecture, table 2 (PCIe)' },
  },
  {
    board: 'H100 SXM',
    names: /\bH100(?: 80GB HBM3|-SXM5?.*)$/,
    tflops: hopper,
    ...{ memory: 3350, nvlink: 450, host: PCIE5, source: 'NVIDIA H100 Tensor Core GPU Architecture, table 2 (SXM5)' },
  },
  {
    board: 'A100 SXM 80 GB',
    names: /\bA100-SXM4?-80GB\b/i,
    tflops: ampere,
    ...{ memory: 2039, nvlink: 300, host: PCIE4, source: 'NVIDIA A100 80GB datasheet (SXM)' },
  },
  {
    board: 'A100 SXM 40 GB',
    names: /\bA100-SXM4?-40GB\b/i,
    tflops: ampere,
    ...{ memory: 1555, nvlink: 300, host: PCIE4, source: 'NVIDIA A100 Tensor Core GPU Architecture, table 1' },
  },
  {
    board: 'A100 PCIe',
    names: /\bA100(?:-PCIE-40GB| 80GB PCIe)\b/i,
    tflops: ampere,
    ...{ memory: null, nvlink: 300, host: PCIE4, source: 'NVIDIA A100 datasheet (PCIe)' },
  },
  {
    board: 'L40S',
    names: /\bL40S\b/,
    tflops: { float32: 91.6, tf32: 183, float16: 362.05, bfloat16: 362.05, float8: 733 },
    ...{ memory: 864, nvlink: 0, host: PCIE4, source: 'NVIDIA L40S datasheet' },
  },
  {
    board: 'RTX 6000 Ada',
    names: /\bRTX 6000 Ada\b/,
    tflops: { float32: 91.1, tf32: 182.1, float16: 364.2, bfloat16: 364.2, float8: 728.5 },
    ...{ memory: 960, nvlink: 0, host: PCIE4, source: 'NVIDIA RTX 6000 Ada Generation datasheet, half of the rates with sparsity' },
  },
];

/** What is published of a GPU, by the name that the driver gives it; undefined where it is not in the table. */
export const peaksOf = (gpu: string): Peaks | undefined => PEAKS.find(p => p.names.test(gpu));
