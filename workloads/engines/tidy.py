"""Takes out of an export what tells of the machine and not of the program: tidy.py TRACE.sqlite

The environment (but for what steers NCCL and its like), other processes of the host, the program's own output (which prints the
truth), and where things lay. Events are not touched.
"""

import sqlite3
import sys

KEPT = ("NCCL_", "NVSHMEM_", "TORCH_SYMM_MEM_")
PLACES = {"/tmp/ns/": "/opt/nsight-systems/", "/tmp/runs/": "/srv/runs/", "/tmp/e/workloads/": "/srv/app/"}
FACTS = {"DeviceEnvironment": "", "Hostname": "gpu-host"}
EVENTS = ("CUPTI_ACTIVITY_KIND_RUNTIME", "OSRT_API", "NVTX_EVENTS")


def tidy(trace: sqlite3.Connection) -> None:
    tables = {name for (name,) in trace.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    alive = " UNION ".join(f"SELECT globalTid >> 24 FROM {table}" for table in EVENTS if table in tables)
    trace.execute(f"DELETE FROM PROCESSES WHERE globalPid >> 24 NOT IN ({alive})")
    for table, name, value in (("TARGET_INFO_SYSTEM_ENV", "name", "value"), ("META_DATA_CAPTURE", "name", "value"), ("StringIds", "''", "value")):
        for old, new in PLACES.items():
            trace.execute(f"UPDATE {table} SET {value} = replace({value}, ?, ?) WHERE instr({value}, ?)", (old, new, old))
        for fact, text in FACTS.items():
            trace.execute(f"UPDATE {table} SET {value} = ? WHERE {name} = ?", (text, fact))
    trace.execute("UPDATE TARGET_INFO_SYSTEM_ENV SET value = substr(value, 1, 4) WHERE name = 'SoftwareReleaseVersion'")
    kept = " AND ".join("value NOT LIKE ?" for _ in KEPT)
    trace.execute(f"DELETE FROM META_DATA_CAPTURE WHERE name LIKE '%ENVIRONMENT_VARIABLE' AND {kept}", [f"{name}%" for name in KEPT])
    if "ProcessStreams" in tables:
        trace.execute("UPDATE StringIds SET value = '' WHERE id IN (SELECT contentId FROM ProcessStreams)")
    for table in {"ProcessStreams", "ANALYSIS_FILE"} & tables:
        trace.execute(f"DELETE FROM {table}")
    trace.commit()
    trace.execute("VACUUM")


if __name__ == "__main__":
    tidy(sqlite3.connect(sys.argv[1]))
