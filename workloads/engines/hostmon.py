"""Counters of the host, ten times a second: hostmon.py FILE"""

import sys
import time

COLUMNS = (
    "time_ns,cpu_user,cpu_system,cpu_idle,cpu_iowait,ctxt,procs_running,procs_blocked,disk_reads,disk_read_sectors,disk_read_ms,"
    "disk_writes,disk_write_sectors,disk_io_ms,pgmajfault,pswpin,pswpout,mem_available_kb,psi_io_some_us,psi_mem_some_us,psi_cpu_some_us"
)


def table(path: str) -> dict[str, list[str]]:
    with open(path) as file:
        return {words[0]: words[1:] for words in map(str.split, file) if words}


def pressure(kind: str) -> str:
    try:
        return table(f"/proc/pressure/{kind}")["some"][-1].partition("=")[2]
    except (OSError, KeyError):
        return ""


def sample() -> list[object]:
    stat, memory, virtual = table("/proc/stat"), table("/proc/meminfo"), table("/proc/vmstat")
    with open("/proc/diskstats") as file:
        disks = [words for words in map(str.split, file) if words[2] in ("vda", "vdb", "sda", "nvme0n1")]
    cpu = stat["cpu"]
    return [
        time.time_ns(), *(cpu[n] for n in (0, 2, 3, 4)), *(stat[name][0] for name in ("ctxt", "procs_running", "procs_blocked")),
        *(sum(int(disk[n]) for disk in disks) for n in (3, 5, 6, 7, 9, 12)), *(virtual[name][0] for name in ("pgmajfault", "pswpin", "pswpout")),
        memory["MemAvailable:"][0], *map(pressure, ("io", "memory", "cpu")),
    ]


with open(sys.argv[1], "w", buffering=1) as out:
    print(COLUMNS, file=out)
    while True:
        row = sample()
        print(*row, sep=",", file=out)
        time.sleep(max(0, 0.1 - (time.time_ns() - int(row[0])) / 1e9))
