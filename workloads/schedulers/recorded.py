"""Iterations of somebody else's scheduler, stamped by each rank, in the window of a profiler that they open and close themselves."""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Multicast, used wrongly, puts GPUs that a host shares with others out of service.
os.environ.setdefault("NCCL_NVLS_ENABLE", "0")

import torch  # noqa: E402
import torch.distributed as dist  # noqa: E402

WARM_UPS = 2


def parser_of(description: str | None, schedules: tuple[str, ...]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(os.environ.get("FORENSICS_WORKLOAD_DIR") or "schedulers-out"),
                        help="folder for the stamps (default: $FORENSICS_WORKLOAD_DIR if set)")
    parser.add_argument("--schedule", default=",".join(schedules), metavar="NAME,NAME...", help="(default: %(default)s)")
    # torchrun takes --m for an option of its own.
    parser.add_argument("--microbatches", type=int, default=8, help="(default: %(default)s)")
    parser.add_argument("--iters", type=int, default=3, help="of each schedule (default: %(default)s)")
    parser.add_argument("--ranges", action="store_true", help="an NVTX range an iteration")
    return parser


class Recorded:
    """The window, and what ran in it. Each rank stamps its own iterations: they do not end together."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.rank, self.ranks = options, int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        self.device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(self.device)
        dist.init_process_group("nccl", device_id=self.device)
        torch.manual_seed(1)
        self.stamps: list[dict[str, Any]] = []
        self.is_open = False

    def run(self, name: str, chunks: int, step: Callable[[], None]) -> None:
        for _ in range(WARM_UPS):
            step()
        self._together()
        if not self.is_open:
            torch.cuda.cudart().cudaProfilerStart()
            self.is_open = True
            self._together()
        for number in range(self.options.iters):
            self._together()
            start = time.time_ns()
            if self.options.ranges:
                torch.cuda.nvtx.range_push(f"{name} iteration {number}")
            step()
            torch.cuda.synchronize()
            if self.options.ranges:
                torch.cuda.nvtx.range_pop()
            shape = {"p": self.ranks, "m": self.options.microbatches, "v": chunks}
            self.stamps.append({"schedule": name, "rank": self.rank, "iteration": number, "start_ns": start, "end_ns": time.time_ns(), **shape})
        if self.rank == 0:
            own = [s for s in self.stamps if s["schedule"] == name]
            print(name, [round((s["end_ns"] - s["start_ns"]) / 1e6, 1) for s in own], "ms", flush=True)

    def close(self) -> None:
        """Writes the stamps, closes the window, and lives on: a process that ends at once loses the last of its records."""
        self.options.out.mkdir(parents=True, exist_ok=True)
        (self.options.out / f"stamps_rank{self.rank}.json").write_text(json.dumps(self.stamps, indent=1) + "\n")
        self._together()
        time.sleep(1)
        torch.cuda.cudart().cudaProfilerStop()
        time.sleep(3)
        dist.barrier()
        dist.destroy_process_group()

    def _together(self) -> None:
        torch.cuda.synchronize()
        dist.barrier()
        torch.cuda.synchronize()
