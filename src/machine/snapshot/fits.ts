import type { FactRow } from '#schema/relation';
import type { VersionFit } from '#schema/snapshot';

/** Which rule two versions were held against. */
export type FitRule =
  | 'cuda-same'
  | 'cuda-older'
  | 'cuda-minor'
  | 'cuda-newer-major'
  | 'nccl-cuda'
  | 'required'
  | 'loaded'
  | 'firmware'
  | 'fabric-manager'
  | 'nsys';

/** What has a version. */
export type VersionOf =
  | 'driver'
  | 'driver-cuda'
  | 'torch'
  | 'torch-cuda'
  | 'torch-needs-nccl'
  | 'toolkit-cuda'
  | 'nccl'
  | 'nccl-cuda'
  | 'nccl-ran'
  | 'vllm'
  | 'vllm-needs-torch'
  | 'vllm-ran'
  | 'nsys'
  | 'gsp-firmware'
  | 'fabric-manager';

/** One version, and whose. */
interface Versioned {
  readonly what: VersionOf;
  readonly version: string;
}

/** Whether two versions go together, before it is worded. */
export interface Fit {
  readonly of: Versioned;
  readonly with: Versioned;
  readonly fit: VersionFit['fit'];
  readonly rule: FitRule;
}

/** Whether the nsys is new enough for the driver; undefined where nobody knows. */
export type NsysSupport = 'fits' | 'older' | 'too-old' | undefined;

type Get = (entity: string, name: string) => string | undefined;

const [MAJOR, MINOR] = [0, 1] as const;
const partsOf = (version: string): readonly number[] => version.split('.').map(Number);

/** By NVIDIA's rules of CUDA compatibility. @param built what a program was built for @param driver the newest CUDA that the driver runs */
function cudaFit(built: string, driver: string): Pick<Fit, 'fit' | 'rule'> {
  const [mine, its] = [partsOf(built), partsOf(driver)];
  const [major, driverMajor] = [mine[MAJOR], its[MAJOR]];
  if (major === undefined || driverMajor === undefined || Number.isNaN(major) || Number.isNaN(driverMajor))
    return { fit: 'cannot-tell', rule: 'cuda-older' };
  if (major !== driverMajor)
    return major < driverMajor ? { fit: 'compatible', rule: 'cuda-older' } : { fit: 'incompatible', rule: 'cuda-newer-major' };
  const [minor, driverMinor] = [mine[MINOR], its[MINOR]];
  if (minor === undefined || driverMinor === undefined) return { fit: 'compatible', rule: 'cuda-minor' };
  if (minor === driverMinor) return { fit: 'same', rule: 'cuda-same' };
  return { fit: 'compatible', rule: minor < driverMinor ? 'cuda-older' : 'cuda-minor' };
}

const versioned = (what: VersionOf, version: string | undefined): Versioned | undefined =>
  version === undefined ? undefined : { what, version };
const fitted = (of: Versioned | undefined, to: Versioned | undefined, judge: (a: string, b: string) => Pick<Fit, 'fit' | 'rule'>): Fit[] =>
  of === undefined || to === undefined ? [] : [{ of, with: to, ...judge(of.version, to.version) }];

/** A version without what a build adds to it: 2.9.0 of 2.9.0+cu128. */
const release = (version: string): string => version.split('+')[0] ?? version;
const equal =
  (rule: FitRule, otherwise: VersionFit['fit'] = 'incompatible') =>
  (a: string, b: string): Pick<Fit, 'fit' | 'rule'> => ({ fit: release(a) === release(b) ? 'same' : otherwise, rule });
const sameMajor = (a: string, b: string): Pick<Fit, 'fit' | 'rule'> => ({
  fit: partsOf(a)[MAJOR] === partsOf(b)[MAJOR] ? 'compatible' : 'incompatible',
  rule: 'nccl-cuda',
});

function softwareFits(get: Get): readonly Fit[] {
  const software = (name: string, what: VersionOf) => versioned(what, get('software', name));
  const driver = versioned('driver-cuda', get('machine', 'cuda_version'));
  const torchCuda = software('torch_cuda', 'torch-cuda');
  const [torch, nccl, vllm] = [software('torch', 'torch'), software('nccl', 'nccl'), software('vllm', 'vllm')];
  return [
    ...fitted(torchCuda, driver, cudaFit),
    ...fitted(software('cuda_toolkit', 'toolkit-cuda'), driver, cudaFit),
    ...fitted(versioned('nccl-cuda', get('NCCL', 'cuda') ?? get('software', 'nccl_cuda')), torchCuda, sameMajor),
    ...fitted(torch === undefined ? undefined : software('torch_needs_nccl', 'torch-needs-nccl'), nccl, equal('required')),
    ...fitted(vllm === undefined ? undefined : software('vllm_needs_torch', 'vllm-needs-torch'), torch, equal('required')),
    ...fitted(versioned('nccl-ran', get('NCCL', 'version')), nccl, equal('loaded')),
    ...fitted(versioned('vllm-ran', get('vLLM', 'version')), vllm, equal('loaded')),
  ];
}

/** Which versions of a machine go together. @param nsys what is known of the nsys, against the driver */
export function fitsOf(facts: readonly FactRow[], nsys: NsysSupport): readonly Fit[] {
  const get: Get = (entity, name) => {
    const value = facts.find(f => f.entity === entity && f.name === name)?.value;
    return value === undefined ? undefined : String(value);
  };
  const driver = versioned('driver', get('machine', 'driver_version'));
  const firmwares = [...new Set(facts.flatMap(f => (f.name === 'gsp_firmware_version' ? [String(f.value)] : [])))];
  const cuda = versioned('driver-cuda', get('machine', 'cuda_version'));
  const nsysFit = { fits: 'compatible', older: 'compatible', 'too-old': 'incompatible' } as const;
  return [
    ...softwareFits(get),
    ...(nsys === undefined ? [] : fitted(versioned('nsys', get('software', 'nsys')), cuda, () => ({ fit: nsysFit[nsys], rule: 'nsys' }))),
    ...firmwares.flatMap(version => fitted(versioned('gsp-firmware', version), driver, equal('firmware'))),
    ...fitted(versioned('fabric-manager', get('fabric manager', 'version')), driver, equal('fabric-manager')),
  ];
}
