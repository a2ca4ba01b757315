import type { FactRow } from '#schema/relation';
import type { HostState } from '#schema/system';

type Value = FactRow['value'] | null;
const facts = (entity: string, told: Readonly<Record<string, Value | readonly [Value, unit: string]>>): FactRow[] =>
  Object.entries(told).flatMap(([name, of]) => {
    const [value, unit] = Array.isArray(of) ? of : [of, ''];
    return value === null ? [] : [{ entity, name, value, unit }];
  });

/** The host of a system.json as facts: what is not known, or has no limit, has none. */
export const hostFacts = (host: HostState): readonly FactRow[] => [
  ...facts('host', {
    kernel: host.kernel,
    cpu_model: host.cpu.model,
    sockets: host.cpu.sockets,
    cores: host.cpu.cores,
    threads: host.cpu.threads,
    numa_nodes: host.cpu.numa_nodes,
    memory_total: [host.memory_total_kib, 'KiB'],
    psi: host.psi,
    perf_event_paranoid: host.perf_event_paranoid,
    rm_profiling_admin_only: host.rm_profiling_admin_only,
    root: host.root,
    node: host.node,
  }),
  ...facts('container', {
    dockerenv: host.container.dockerenv,
    kubernetes: host.container.kubernetes,
    cgroup: host.container.cgroup,
    cpu_quota: [host.container.cpu_quota, 'CPUs'],
    cpuset_cpus: host.container.cpuset_cpus,
    memory_max: [host.container.memory_max_bytes, 'B'],
  }),
  ...facts('software', { nsys: host.nsys }),
  ...facts('environment', host.environment),
  ...facts('git', { commit: host.git?.commit ?? null, dirty: host.git?.dirty ?? null }),
];
