/** A file of the kernel, and what is taken from it. Values are digits as they stand there; a value that is not there is empty. */
export interface Source {
  /** Below the root. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly read: (text: string) => readonly string[];
  /** Its columns are left out where it is not there, instead of being empty. */
  readonly optional?: true;
}

const DISK_COLUMNS = ['disk_reads', 'disk_read_sectors', 'disk_read_ms', 'disk_writes', 'disk_write_sectors', 'disk_io_ms'] as const;
/** Where they stand in a line of /proc/diskstats, counted from 0 (Documentation/admin-guide/iostats.rst). */
const DISK_FIELDS = [3, 5, 6, 7, 9, 12] as const;

/** Values that follow a name at the beginning of a line. */
const named = (names: readonly string[]) => {
  const patterns = names.map(name => new RegExp(`^${name}:?\\s+(\\d+)`, 'm'));
  return (text: string): string[] => patterns.map(pattern => pattern.exec(text)?.[1] ?? '');
};

const cpuTicks = (stat: string): string[] => {
  const [, user = '', system = '', idle = '', iowait = ''] = /^cpu +(\d+) \d+ (\d+) (\d+) (\d+)/.exec(stat) ?? [];
  return [user, system, idle, iowait];
};

/** Sums over the disks; none at all is nothing known, not zero. Only their lines are taken apart: there may be hundreds of others. */
export const diskSums = (diskstats: string, disks: ReadonlySet<string>): string[] => {
  const lines = [...disks].flatMap(disk => {
    const at = diskstats.indexOf(` ${disk} `);
    if (at < 0) return [];
    return [['', '', ...diskstats.slice(at + 1, (diskstats.indexOf('\n', at) + 1 || diskstats.length + 1) - 1).split(' ')]];
  });
  return DISK_FIELDS.map(field => (lines.length === 0 ? '' : String(lines.reduce((sum, fields) => sum + Number(fields[field] ?? 0), 0))));
};

const pressure = (file: string, column: string): Source => {
  const some = /^some .*\btotal=(\d+)/m;
  return { path: `proc/pressure/${file}`, columns: [column], read: text => [some.exec(text)?.[1] ?? ''] };
};

/** All that host.csv holds, in the order of its columns (docs/formats.md). */
export function hostSources(disks: ReadonlySet<string>): readonly Source[] {
  const running = named(['ctxt', 'procs_running', 'procs_blocked']);
  return [
    {
      path: 'proc/stat',
      columns: ['cpu_user', 'cpu_system', 'cpu_idle', 'cpu_iowait', 'ctxt', 'procs_running', 'procs_blocked'],
      read: text => [...cpuTicks(text), ...running(text)],
    },
    { path: 'proc/diskstats', columns: DISK_COLUMNS, read: text => diskSums(text, disks) },
    { path: 'proc/vmstat', columns: ['pgmajfault', 'pswpin', 'pswpout'], read: named(['pgmajfault', 'pswpin', 'pswpout']) },
    { path: 'proc/meminfo', columns: ['mem_available_kb'], read: named(['MemAvailable']) },
    pressure('io', 'psi_io_some_us'),
    pressure('memory', 'psi_mem_some_us'),
    pressure('cpu', 'psi_cpu_some_us'),
    // At the root of what is visible: inside a container this is the container; on the host itself it has no limits to tell of.
    {
      path: 'sys/fs/cgroup/cpu.stat',
      columns: ['cgroup_nr_throttled', 'cgroup_throttled_us'],
      read: named(['nr_throttled', 'throttled_usec']),
      optional: true,
    },
    {
      path: 'sys/fs/cgroup/memory.events',
      columns: ['cgroup_memory_high', 'cgroup_memory_max', 'cgroup_oom_kill'],
      read: named(['high', 'max', 'oom_kill']),
      optional: true,
    },
  ];
}
