import type { Fit, FitRule, VersionOf } from '#machine/snapshot/fits';
import type { VersionFit } from '#schema/snapshot';

const CUDA_GUIDE = 'NVIDIA CUDA Compatibility, docs.nvidia.com/deploy/cuda-compatibility';
const METADATA = 'the metadata of the installed package';

/** Each rule in a sentence, and where it is written. */
const RULES: Readonly<Record<FitRule, readonly [rule: string, source: string]>> = {
  'cuda-same': ['It was built for the very CUDA that the driver brings.', CUDA_GUIDE],
  'cuda-older': ['A driver runs what was built for an older CUDA than its own (backward compatibility).', CUDA_GUIDE],
  'cuda-minor': [
    'Within one major version a driver runs what was built for a newer minor one, but for features that need the newer driver, and code that is compiled from PTX at run time (minor version compatibility).',
    CUDA_GUIDE,
  ],
  'cuda-newer-major': [
    'A driver does not run what was built for a newer major version, unless the package cuda-compat is there, which data-centre GPUs alone support (forward compatibility).',
    CUDA_GUIDE,
  ],
  'nccl-cuda': ['NCCL and PyTorch must be built for the same major version of CUDA.', 'docs.nvidia.com/deeplearning/nccl/install-guide'],
  required: ['The package asks for exactly that version.', METADATA],
  loaded: [
    'What ran should be what is installed: another library may have been loaded (LD_LIBRARY_PATH, VLLM_NCCL_SO_PATH), or the log is of another installation.',
    METADATA,
  ],
  firmware: [
    'The driver loads its own firmware; another one is left of an earlier driver until the GPU is reset.',
    'NVIDIA driver README, chapter GSP Firmware',
  ],
  'fabric-manager': [
    'Fabric manager and driver must be of the same version.',
    'NVIDIA Fabric Manager User Guide, docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide',
  ],
  nsys: [
    'An nsys of before the driver’s major version of CUDA records no kernels.',
    'release notes of the CUDA toolkits, component versions',
  ],
};

/** What stands before a version. */
const WHOSE: Readonly<Record<VersionOf, string>> = {
  driver: 'the driver',
  'driver-cuda': 'the driver’s CUDA',
  torch: 'PyTorch',
  'torch-cuda': 'PyTorch, built for CUDA',
  'torch-needs-nccl': 'PyTorch, which asks for NCCL',
  'toolkit-cuda': 'the CUDA toolkit',
  nccl: 'NCCL, as installed,',
  'nccl-cuda': 'NCCL, built for CUDA',
  'nccl-ran': 'NCCL, as it ran,',
  vllm: 'vLLM, as installed,',
  'vllm-needs-torch': 'vLLM, which asks for PyTorch',
  'vllm-ran': 'vLLM, as it ran,',
  nsys: 'nsys',
  'gsp-firmware': 'the firmware of the GPUs (GSP)',
  'fabric-manager': 'the fabric manager',
};

/** Whether versions go together, with the rule and where it is written. */
export const wordFits = (fits: readonly Fit[]): VersionFit[] =>
  fits.map(({ of, with: to, fit, rule }) => {
    const [sentence, source] = RULES[rule];
    return { of: `${WHOSE[of.what]} ${of.version}`, with: `${WHOSE[to.what]} ${to.version}`, fit, rule: sentence, source };
  });
