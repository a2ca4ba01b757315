import { tenths } from '#core/format/numbers';
import type { Health, NvlinkHealth } from '#schema/health';

const rate = (gbPerS: number | null) => (gbPerS === null ? 'not measured' : `${tenths(gbPerS)} GB/s`);

/** In the words of verify_nvlink.py of the guide for 8×B200. */
const nvlinkLines = ({ mean_p2p_gb_per_s, peak_p2p_gb_per_s, all_reduce_gb_per_s, nvls, topology }: NvlinkHealth): string[] => [
  'NVLink summary:',
  `  Average P2P bandwidth : ${rate(mean_p2p_gb_per_s)}`,
  `  Peak P2P bandwidth    : ${rate(peak_p2p_gb_per_s)}`,
  `  ${(nvls === true ? 'AllReduce (NVLS) max' : 'AllReduce max').padEnd(21)} : ${rate(all_reduce_gb_per_s)}`,
  `  Topology              : ${topology ?? 'not told'}`,
  '',
];

/** How the machine is named: "8 × NVIDIA B200, driver 580.105.08, CUDA 13.0". */
function nameOf({ gpus, model, driver, cuda }: Health['machine']): string {
  const told = [
    gpus === 0 ? '' : `${gpus} × ${model ?? 'GPU'}`,
    driver === null ? '' : `driver ${driver}`,
    cuda === null ? '' : `CUDA ${cuda}`,
  ];
  return told.filter(t => t !== '').join(', ');
}

/** A machine's health for a terminal: the answer, each finding with its fix, NVLink, and what no rule could judge. */
export function healthLines(health: Health): string[] {
  const { answer, machine, sources, findings, judged, not_judged, nvlink, notes } = health;
  const name = nameOf(machine);
  return [
    answer,
    '',
    ...(name === '' ? [] : [`Machine: ${name}`]),
    `Told by: ${sources.length === 0 ? 'nothing' : sources.join(', ')}`,
    '',
    ...findings.flatMap(f => [`${f.severity}  ${f.id.replace(/^machine-/, '')}: ${f.title}`, `  ${f.detail}`, `  Fix: ${f.advice}`, '']),
    ...(nvlink === null ? [] : nvlinkLines(nvlink)),
    ...(judged.length === 0 ? [] : [`Judged: ${judged.join(', ')}`]),
    ...not_judged.map(({ rule, needs }) => `Not judged: ${rule} (needs ${needs})`),
    ...notes.map(note => `Note: ${note}`),
  ];
}
