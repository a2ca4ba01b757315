import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '#schema/system';
import type { ReadSmall } from './small-file.ts';

const numbered = (folder: string, name: RegExp): string[] => {
  try {
    return readdirSync(folder).filter(entry => name.test(entry));
  } catch {
    return [];
  }
};
const orNull = (count: number): number | null => (count === 0 ? null : count);

/** Sockets, cores and threads as the kernel numbers them, on any architecture; the model's name where it has one. */
export function cpuOf(root: string, read: ReadSmall): System['cpu'] {
  const folder = 'sys/devices/system/cpu';
  const places = numbered(join(root, folder), /^cpu\d+$/).map(cpu => ({
    socket: read(`${folder}/${cpu}/topology/physical_package_id`),
    core: read(`${folder}/${cpu}/topology/core_id`),
  }));
  const known = places.filter(({ socket, core }) => socket !== undefined && core !== undefined);
  return {
    model: /^model name\s*:\s*(.+)$/m.exec(read('proc/cpuinfo') ?? '')?.[1]?.trim() ?? null,
    sockets: orNull(new Set(known.map(({ socket }) => socket)).size),
    cores: orNull(new Set(known.map(({ socket, core }) => `${socket}:${core}`)).size),
    threads: orNull(places.length),
    numa_nodes: orNull(numbered(join(root, 'sys/devices/system/node'), /^node\d+$/).length),
  };
}
