"""Samples this host's counters from /proc ten times a second, until it is stopped.

    hostmon.py FILE [--interval SECONDS]

CPU times are in ticks (USER_HZ), disk columns are sums over whole disks, psi_* are microseconds of
`some` pressure; all of them count up from boot. Times are epoch nanoseconds.
"""

import argparse
import os
import time

COLUMNS = (
    "time_ns,cpu_user,cpu_system,cpu_idle,cpu_iowait,ctxt,procs_running,procs_blocked,"
    "disk_reads,disk_read_sectors,disk_read_ms,disk_writes,disk_write_sectors,disk_io_ms,"
    "pgmajfault,pswpin,pswpout,mem_available_kb,psi_io_some_us,psi_mem_some_us,psi_cpu_some_us"
)


def keyed(path):
    """`name value …` or `name: value …`, one a line, as a table of lists."""
    with open(path) as lines:
        return {words[0].rstrip(":"): words[1:] for words in map(str.split, lines) if words}


def pressure(kind):
    try:
        with open(f"/proc/pressure/{kind}") as lines:
            return lines.readline().split("total=")[1].strip()
    except (OSError, IndexError):
        return ""  # no PSI in this kernel: unknown, not zero


def whole_disks():
    """Disks with a device behind them: no partitions, loops or RAM disks."""
    return {name for name in os.listdir("/sys/block") if os.path.exists(f"/sys/block/{name}/device")}


def sample(disks):
    stat, vm, memory = keyed("/proc/stat"), keyed("/proc/vmstat"), keyed("/proc/meminfo")
    with open("/proc/diskstats") as lines:
        fields = [words for words in map(str.split, lines) if words[2] in disks]
    disk = [sum(int(words[column]) for words in fields) for column in (3, 5, 6, 7, 9, 12)]
    user, _nice, system, idle, iowait = stat["cpu"][:5]
    counts = [stat[name][0] for name in ("ctxt", "procs_running", "procs_blocked")]
    paging = [vm[name][0] for name in ("pgmajfault", "pswpin", "pswpout")]
    psi = [pressure(kind) for kind in ("io", "memory", "cpu")]
    return [user, system, idle, iowait, *counts, *disk, *paging, memory["MemAvailable"][0], *psi]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--interval", type=float, default=0.1)
    options = parser.parse_args()
    disks = whole_disks()
    with open(options.file, "w") as out:
        out.write(COLUMNS + "\n")
        while True:
            now = time.time_ns()
            out.write(",".join(map(str, [now, *sample(disks)])) + "\n")
            out.flush()
            time.sleep(max(0, options.interval - (time.time_ns() - now) / 1e9))


if __name__ == "__main__":
    main()
