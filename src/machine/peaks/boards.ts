/** Dense tensor-core rates, without sparsity, TFLOP/s; float32 is that of the CUDA cores. */
export type Precision = 'float64' | 'float32' | 'tf32' | 'float16' | 'bfloat16' | 'float8';

/** How the GPUs of one kind are joined: `switch` reaches every GPU with all links, a `bridge` is bought apart and joins two or four. */
export type Fabric = 'switch' | 'bridge' | 'none';

/** What the maker publishes of one board. null where it publishes nothing, or the boards of one name differ. */
export interface Board {
  readonly board: string;
  /** The whole name that the driver gives it; older programs leave the maker out. */
  readonly names: RegExp;
  readonly tflops: Readonly<Partial<Record<Precision, number>>>;
  /** GB/s. */
  readonly memory: number | null;
  readonly fabric: Fabric;
  /** NVLinks of one GPU. */
  readonly links: number;
  /** One NVLink, one way, GB/s. */
  readonly link: number;
  /** GPUs that one NVLink fabric joins at the most. */
  readonly joined: number;
  /** To and from the host, one way, GB/s: the raw rate of 16 lanes, or of NVLink-C2C. */
  readonly host: number | null;
  readonly source: string;
}

/** Raw rates of 16 lanes one way, GB/s (PCI-SIG: 8, 16 and 32 GT/s a lane, 128b/130b). */
const [PCIE3, PCIE4, PCIE5] = [15.75, 31.5, 63];

const hopper = { float64: 66.9, float32: 66.9, tf32: 494.7, float16: 989.4, bfloat16: 989.4, float8: 1978.9 } as const;
const ampere = { float64: 19.5, float32: 19.5, tf32: 156, float16: 312, bfloat16: 312 } as const;
/** The NVL's clocks are lower: half of the rates with sparsity that its brief gives. */
const hopperNvl = { float64: 60, float32: 60, tf32: 417.5, float16: 835.5, bfloat16: 835.5, float8: 1670.5 } as const;

/** Half of the rates both ways that NVIDIA states: 50 GB/s a link for NVLink 2 to 4, 100 GB/s for NVLink 5. */
const nvlink = (fabric: 'switch' | 'bridge', links: number, link: number, joined: number) => ({ fabric, links, link, joined });
const NO_NVLINK = { fabric: 'none', links: 0, link: 0, joined: 1 } as const;

/**
 * Boards by the name that the driver gives them: a name stands for one board and form, and no peak is guessed from the chip. A part of a GPU (MIG) has
 * another name, and no peak. Where a document gives rates with sparsity, half of them stands here. float64 is that of the tensor cores where there are such.
 */
export const BOARDS: readonly Board[] = [
  {
    board: 'GB200',
    names: /^(?:NVIDIA )?GB200$/,
    tflops: { float64: 40, float32: 80, tf32: 1250, float16: 2500, bfloat16: 2500, float8: 5000 },
    // The two GPUs of a superchip share the links to its processor.
    ...{ memory: 8000, host: null, ...nvlink('switch', 18, 50, 72) },
    source: 'NVIDIA Blackwell datasheet, GB200 NVL72, of each GPU, half of the rates with sparsity',
  },
  {
    board: 'B200',
    names: /^(?:NVIDIA )?B200$/,
    tflops: { float64: 37, float32: 75, tf32: 1100, float16: 2250, bfloat16: 2250, float8: 4500 },
    ...{ memory: 7700, host: PCIE5, ...nvlink('switch', 18, 50, 8) },
    source: 'NVIDIA Blackwell datasheet, HGX B200, of each GPU, half of the rates with sparsity',
  },
  {
    board: 'GB10',
    names: /^(?:NVIDIA )?GB10$/,
    tflops: {},
    ...{ memory: 273, host: null, ...NO_NVLINK, source: 'NVIDIA DGX Spark datasheet, which gives FP4 with sparsity alone' },
  },
  {
    board: 'GH200',
    names: /^(?:NVIDIA )?GH200 (?:120GB|480GB|144G HBM3e)$/,
    tflops: hopper,
    // 96 GB of HBM3 or 144 GB of HBM3e: the name does not tell which.
    ...{ memory: null, host: 450, ...nvlink('switch', 18, 25, 32), source: 'NVIDIA GH200 Grace Hopper Superchip datasheet' },
  },
  {
    board: 'H200 NVL',
    names: /^(?:NVIDIA )?H200 NVL$/,
    tflops: hopperNvl,
    ...{
      memory: 4800,
      host: PCIE5,
      ...nvlink('bridge', 18, 25, 4),
      source: 'NVIDIA H200 datasheet (NVL), half of the rates with sparsity',
    },
  },
  {
    board: 'H200 SXM',
    names: /^(?:NVIDIA )?H200$/,
    tflops: hopper,
    ...{ memory: 4800, host: PCIE5, ...nvlink('switch', 18, 25, 8) },
    source: 'NVIDIA H200 datasheet; rates: NVIDIA H100 Tensor Core GPU Architecture, table 2 (SXM5)',
  },
  {
    board: 'H100 NVL',
    names: /^(?:NVIDIA )?H100 NVL$/,
    tflops: hopperNvl,
    ...{
      memory: 3900,
      host: PCIE5,
      ...nvlink('bridge', 12, 25, 2),
      source: 'NVIDIA H100 NVL product brief, half of the rates with sparsity',
    },
  },
  {
    board: 'H100 PCIe',
    names: /^(?:NVIDIA )?H100 PCIe$/,
    tflops: { float64: 51.2, float32: 51.2, tf32: 378, float16: 756.4, bfloat16: 756.4, float8: 1513 },
    ...{ memory: 2000, host: PCIE5, ...nvlink('bridge', 12, 25, 2), source: 'NVIDIA H100 Tensor Core GPU Architecture, table 2 (PCIe)' },
  },
  {
    board: 'H100 SXM',
    names: /^(?:NVIDIA )?H100 80GB HBM3$/,
    tflops: hopper,
    ...{ memory: 3350, host: PCIE5, ...nvlink('switch', 18, 25, 8), source: 'NVIDIA H100 Tensor Core GPU Architecture, table 2 (SXM5)' },
  },
  {
    board: 'A100 SXM 80 GB',
    names: /^(?:NVIDIA )?A100-SXM4-80GB$/,
    tflops: ampere,
    ...{ memory: 2039, host: PCIE4, ...nvlink('switch', 12, 25, 16), source: 'NVIDIA A100 80GB datasheet (SXM)' },
  },
  {
    board: 'A100 SXM 40 GB',
    names: /^(?:NVIDIA )?A100-SXM4-40GB$/,
    tflops: ampere,
    ...{ memory: 1555, host: PCIE4, ...nvlink('switch', 12, 25, 16), source: 'NVIDIA A100 Tensor Core GPU Architecture, table 1' },
  },
  {
    board: 'A100 PCIe',
    names: /^(?:NVIDIA )?A100(?:-PCIE-40GB| 80GB PCIe)$/,
    tflops: ampere,
    // 40 GB of HBM2 or 80 GB of HBM2e.
    ...{ memory: null, host: PCIE4, ...nvlink('bridge', 12, 25, 2), source: 'NVIDIA A100 datasheet (PCIe)' },
  },
  {
    board: 'L40S',
    names: /^(?:NVIDIA )?L40S$/,
    tflops: { float32: 91.6, tf32: 183, float16: 362.05, bfloat16: 362.05, float8: 733 },
    ...{ memory: 864, host: PCIE4, ...NO_NVLINK, source: 'NVIDIA L40S datasheet' },
  },
  {
    board: 'L4',
    names: /^(?:NVIDIA )?L4$/,
    tflops: { float32: 30.3, tf32: 60, float16: 121, bfloat16: 121, float8: 242.5 },
    ...{ memory: 300, host: PCIE4, ...NO_NVLINK, source: 'NVIDIA L4 datasheet, half of the rates with sparsity' },
  },
  {
    board: 'RTX 6000 Ada',
    names: /^(?:NVIDIA )?RTX 6000 Ada Generation$/,
    tflops: { float32: 91.1, tf32: 182.1, float16: 364.2, bfloat16: 364.2, float8: 728.5 },
    ...{ memory: 960, host: PCIE4, ...NO_NVLINK, source: 'NVIDIA RTX 6000 Ada Generation datasheet, half of the rates with sparsity' },
  },
  {
    board: 'V100 SXM2',
    names: /^(?:NVIDIA )?Tesla V100-SXM2-(?:16|32)GB$/,
    tflops: { float64: 7.8, float32: 15.7, float16: 125 },
    ...{ memory: 900, host: PCIE3, ...nvlink('switch', 6, 25, 16), source: 'NVIDIA Tesla V100 GPU Architecture, table 1' },
  },
];

/** What is published of a GPU, by the name that the driver gives it; undefined where it is not in the table. */
export const boardOf = (gpu: string): Board | undefined => BOARDS.find(b => b.names.test(gpu));

/** The same by what people call it: the driver's name or the board's own. */
export const boardNamed = (name: string): Board | undefined =>
  boardOf(name) ??
  BOARDS.find(
    b =>
      b.board.toLowerCase() ===
      name
        .trim()
        .toLowerCase()
        .replace(/^nvidia /, ''),
  );
