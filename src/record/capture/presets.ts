/** What a preset records, and why. */
export interface Preset {
  readonly description: string;
  /** APIs to trace, as nsys names them. */
  readonly trace: readonly string[];
}

/** Kernels and copies, our own marks, and what the host's threads wait for: no cause can be told without these. */
const BASE = ['cuda', 'nvtx', 'osrt'] as const;

export const PRESETS = {
  serving: { description: 'an inference server under load', trace: BASE },
  training: { description: 'a training loop: also the calls into cuDNN and cuBLAS', trace: [...BASE, 'cudnn', 'cublas'] },
  pipeline: { description: 'pipeline stages on several GPUs of one host', trace: BASE },
  'multi-rank': { description: 'ranks under torchrun, mpirun or srun: also MPI and UCX', trace: [...BASE, 'mpi', 'ucx'] },
} as const satisfies Record<string, Preset>;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];
