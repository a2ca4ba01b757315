import type { System } from '#schema/system';

const known = (value: number | string | null): string => (value === null ? 'not known' : String(value));

/** system_info.txt: what the load-testing guide asks to keep of a machine. It names no host and no user. */
export function systemInfo(system: System): string {
  const { gpus, nvlink, cpu, environment, git } = system;
  return [
    `Driver: ${known(system.driver_version)}`,
    `CUDA, the newest that the driver supports: ${known(system.cuda_version)}`,
    `GPUs: ${gpus === null ? 'not known' : gpus.length}`,
    ...(gpus ?? []).map(
      gpu => `  GPU ${gpu.index}: ${known(gpu.name)}, ${known(gpu.memory_total_mib)} MiB, power limit ${known(gpu.power_limit_w)} W`,
    ),
    `NVLink: ${nvlink === null ? 'not known' : nvlink.length === 0 ? 'none' : ''}`.trimEnd(),
    ...(nvlink ?? []).map(
      link => `  GPU ${link.gpu}: ${link.active} links active, ${link.inactive} not, the slowest ${known(link.slowest_gb_s)} GB/s`,
    ),
    `Topology:${system.topology === null ? ' not known' : `\n${system.topology.trimEnd()}`}`,
    `CPU: ${known(cpu.model)}, ${known(cpu.sockets)} sockets, ${known(cpu.cores)} cores, ${known(cpu.threads)} threads, ${known(cpu.numa_nodes)} NUMA nodes`,
    `Memory: ${known(system.memory_total_kib)} KiB`,
    `Kernel: ${system.kernel}`,
    `nsys: ${known(system.nsys)}`,
    `Commit: ${git === null ? 'not known' : `${git.commit}${git.dirty === true ? ', with changes' : ''}`}`,
    'Environment:',
    ...Object.entries(environment).map(([name, value]) => `  ${name}=${value}`),
    ...(system.missing.length === 0 ? [] : ['Not known:', ...system.missing.map(line => `  ${line}`)]),
    '',
  ].join('\n');
}
