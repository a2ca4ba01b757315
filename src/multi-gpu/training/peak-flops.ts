/** Peak of a GPU's tensor cores, operations a second, of which precision, and who says so. */
export interface Peak {
  readonly flops: number;
  readonly precision: string;
  readonly source: string;
}

const T = 1e12;
const dense = (flops: number, source: string, precision = 'dense BF16'): Peak => ({ flops, precision, source });

/**
 * Dense tensor-core peaks (without sparsity) by the name that the driver gives a GPU. A name stands for one board: where several boards of one chip share a
 * name, or NVIDIA gives no number for it, it is left out, and a peak is never guessed from the chip.
 */
const PEAKS: ReadonlyMap<string, Peak> = new Map(
  [
    [['NVIDIA H200', 'NVIDIA H100 80GB HBM3'], dense(989.4 * T, 'NVIDIA H100 Tensor Core GPU Architecture, table 2 (SXM5)')],
    [['NVIDIA H100 PCIe'], dense(756.4 * T, 'NVIDIA H100 Tensor Core GPU Architecture, table 2 (PCIe)')],
    [['NVIDIA H100 NVL', 'NVIDIA H200 NVL'], dense(835.5 * T, 'NVIDIA H100 NVL and H200 NVL product briefs')],
    [
      ['NVIDIA A100-SXM4-40GB', 'NVIDIA A100-SXM4-80GB', 'NVIDIA A100-PCIE-40GB', 'NVIDIA A100 80GB PCIe'],
      dense(312 * T, 'NVIDIA A100 Tensor Core GPU Architecture, table 1'),
    ],
    [['NVIDIA L40S'], dense(362.05 * T, 'NVIDIA L40S datasheet')],
    [['NVIDIA L4'], dense(121 * T, 'NVIDIA L4 datasheet')],
    [['Tesla V100-SXM2-16GB', 'Tesla V100-SXM2-32GB'], dense(125 * T, 'NVIDIA Tesla V100 GPU Architecture, table 1', 'FP16')],
  ].flatMap(([names, peak]) => (names as string[]).map(name => [name, peak as Peak] as const)),
);

/** The peak of a GPU, by its exact name; undefined where it is not known. */
export const peakOf = (gpu: string): Peak | undefined => PEAKS.get(gpu);
