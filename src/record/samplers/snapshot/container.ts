import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from '#schema/system';
import { type ReadSmall, wholeNumber } from './small-file.ts';

/** cgroup v1 writes its largest number for no limit. */
const NO_LIMIT = 2 ** 60;
const V2 = 'sys/fs/cgroup';

/** How many are in a list such as `0-3,8`. */
export const listCount = (list: string | undefined): number | null => {
  if (list === undefined || !/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/.test(list)) return null;
  return list.split(',').reduce((sum, range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return sum + to - from + 1;
  }, 0);
};

const quotaV2 = (cpuMax: string | undefined): number | null => {
  const [quota, period] = (cpuMax ?? '').split(' ').map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : null;
};

const quotaV1 = (quota: number | null, period: number | null): number | null =>
  quota !== null && period !== null && quota > 0 && period > 0 ? quota / period : null;

const limit = (bytes: number | null): number | null => (bytes === null || bytes > NO_LIMIT ? null : bytes);

/** What bounds this process from outside. Limits are those of the cgroup that is visible at the root: the container's, inside one. */
export function containerLimits(root: string, read: ReadSmall, env: NodeJS.ProcessEnv): Container {
  const there = (path: string) => existsSync(join(root, path));
  const where = {
    dockerenv: there('.dockerenv'),
    kubernetes: env['KUBERNETES_SERVICE_HOST'] !== undefined || there('var/run/secrets/kubernetes.io'),
  };
  if (there(`${V2}/cgroup.controllers`))
    return {
      ...where,
      cgroup: 'v2',
      cpu_quota: quotaV2(read(`${V2}/cpu.max`)),
      cpuset_cpus: listCount(read(`${V2}/cpuset.cpus.effective`)),
      memory_max_bytes: limit(wholeNumber(read(`${V2}/memory.max`))),
    };
  if (there(`${V2}/cpu`) || there(`${V2}/memory`))
    return {
      ...where,
      cgroup: 'v1',
      cpu_quota: quotaV1(wholeNumber(read(`${V2}/cpu/cpu.cfs_quota_us`)), wholeNumber(read(`${V2}/cpu/cpu.cfs_period_us`))),
      cpuset_cpus: listCount(read(`${V2}/cpuset/cpuset.effective_cpus`) ?? read(`${V2}/cpuset/cpuset.cpus`)),
      memory_max_bytes: limit(wholeNumber(read(`${V2}/memory/memory.limit_in_bytes`))),
    };
  return { ...where, cgroup: null, cpu_quota: null, cpuset_cpus: null, memory_max_bytes: null };
}
