import { readFileSync, statfsSync } from 'node:fs';
import type { FactRow } from '#schema/relation';

const limit = (name: string, value: FactRow['value'], unit: string): FactRow => ({ entity: 'container', name, value, unit });

/** `Max locked memory  8388608  8388608  bytes`: the soft limit, which is what holds. */
function softLimit(limits: string, label: string): string | undefined {
  return new RegExp(`^${label} +(\\d+|unlimited) `, 'm').exec(limits)?.[1];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function shmBytes(): number | undefined {
  try {
    const { blocks, bsize } = statfsSync('/dev/shm');
    return blocks * bsize;
  } catch {
    return undefined;
  }
}

/** Limits of this process that bear on GPU programs: NCCL keeps its buffers in shared memory, and RDMA pins pages. */
export function processLimits(): readonly FactRow[] {
  const limits = textOf('/proc/self/limits');
  const numbered = (text: string) => (text === 'unlimited' ? text : Number(text));
  const [shm, memlock, files] = [shmBytes(), softLimit(limits, 'Max locked memory'), softLimit(limits, 'Max open files')];
  return [
    ...(shm === undefined ? [] : [limit('shm', shm, 'B')]),
    ...(memlock === undefined ? [] : [limit('memlock', numbered(memlock), 'B')]),
    ...(files === undefined ? [] : [limit('open_files', numbered(files), '')]),
  ];
}
