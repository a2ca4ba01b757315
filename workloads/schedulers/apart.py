"""The bubble of each iteration from a trace and the ranks' own stamps, without forensics: what its figures are held against.

    python3 workloads/schedulers/apart.py trace.sqlite stamps_rank0.json stamps_rank1.json

An iteration is, on each rank, what that rank stamped: ranks do not end together, and a cut at one rank's stamps would take from the others what they
still do. The bubble of a device is 1 - the union of its kernels that are not NCCL's / (the first of them to the last, over all devices).
"""

import json
import sqlite3
import sys
from itertools import groupby
from pathlib import Path
from statistics import mean

KERNELS = """
SELECT k.start, k.end, k.deviceId FROM CUPTI_ACTIVITY_KIND_KERNEL k JOIN StringIds s ON s.id = k.shortName
WHERE s.value NOT LIKE '%nccl%' ORDER BY k.start"""
Span = tuple[int, int]


def union_of(spans: list[Span]) -> int:
    """Of spans in the order of their starts."""
    busy, end = 0, 0
    for start, stop in spans:
        busy += max(0, stop - max(start, end))
        end = max(end, stop)
    return busy


def main() -> None:
    trace, *files = sys.argv[1:]
    database = sqlite3.connect(trace)
    (epoch,) = database.execute("SELECT utcEpochNs FROM TARGET_INFO_SESSION_START_TIME").fetchone()
    kernels: dict[int, list[Span]] = {}
    for start, end, device in database.execute(KERNELS):
        kernels.setdefault(device, []).append((start, end))
    stamps = [stamp for file in files for stamp in json.loads(Path(file).read_text())]
    for name, own in groupby(sorted(stamps, key=lambda s: s["schedule"]), key=lambda s: s["schedule"]):
        bubbles = []
        for _, ranks in groupby(sorted(own, key=lambda s: (s["iteration"], s["rank"])), key=lambda s: s["iteration"]):
            cut = [[k for k in kernels[s["rank"]] if k[0] >= s["start_ns"] - epoch and k[1] <= s["end_ns"] - epoch] for s in ranks]
            whole = max(end for spans in cut for _, end in spans) - min(spans[0][0] for spans in cut)
            bubbles.append([100 * (1 - union_of(spans) / whole) for spans in cut])
        print(name, " / ".join(f"{mean(rank):.1f}" for rank in zip(*bubbles)), "%", len(bubbles), "iterations")


if __name__ == "__main__":
    main()
