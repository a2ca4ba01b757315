import type { NvlinkStatus } from '#schema/system';
import { linkLines } from './link-lines.ts';

/** The links of each GPU from `nvidia-smi nvlink -s`; empty where there are none. */
export function linkStatus(text: string): NvlinkStatus[] {
  const byGpu = new Map<number, { active: number; inactive: number; slowest: number | null }>();
  for (const { gpu, label, value } of linkLines(text)) {
    if (label !== undefined) continue;
    const status = byGpu.get(gpu) ?? { active: 0, inactive: 0, slowest: null };
    byGpu.set(gpu, status);
    const speed = /^([\d.]+) GB\/s$/.exec(value)?.[1];
    if (speed === undefined) status.inactive += 1;
    else {
      status.active += 1;
      status.slowest = Math.min(status.slowest ?? Number.POSITIVE_INFINITY, Number(speed));
    }
  }
  return [...byGpu].map(([gpu, { active, inactive, slowest }]) => ({ gpu, active, inactive, slowest_gb_s: slowest }));
}
