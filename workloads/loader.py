"""Data-parallel training whose DataLoader has slow workers: one reads a file that is not in the page cache, sleeps, or computes, at known samples.

    forensics capture --preset training --capture-range cudaProfilerApi --stop-workload --nsys --trace-fork-before-exec=true -- \
      torchrun --nproc-per-node 2 workloads/loader.py

Workers are forked processes: nsys follows them with that flag alone. Leaves truth.json in --out: for each fault its rank, its worker process, what that
did, and when.
"""

import argparse
import glob
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("NCCL_NVLS_ENABLE", "0")

import torch  # noqa: E402
import torch.distributed as dist  # noqa: E402
from torch import nn  # noqa: E402

from host_faults import MIB, Scratch  # noqa: E402

WARM_UPS = 20
FAULTS = ("read", "sleep", "compute")
SCRATCH_MIB = 2048


def read_cold(scratch: Scratch, seconds: float) -> None:
    """Reads a file that is not in the page cache, each byte once."""
    until, buffer = time.monotonic() + seconds, bytearray(4 * MIB)
    with open(scratch.path, "rb", buffering=0) as file:
        while time.monotonic() < until and (offset := scratch.take(len(buffer))) is not None:
            file.seek(offset)
            file.readinto(buffer)


def compute(seconds: float) -> None:
    until = time.monotonic() + seconds
    n = 0
    while time.monotonic() < until:
        n += sum(range(1000))


class Samples(torch.utils.data.Dataset[torch.Tensor]):
    def __init__(self, options: argparse.Namespace, rank: int) -> None:
        self.options, self.rank = options, rank
        folder = Path(tempfile.gettempdir(), f"loader-{rank}")
        folder.mkdir(exist_ok=True)
        self.scratch = Scratch(str(folder), SCRATCH_MIB * MIB)
        self.scratch.make()

    def __len__(self) -> int:
        return 1 << 20

    def __getitem__(self, index: int) -> torch.Tensor:
        fault = self.options.plan.get((self.rank, index))
        if fault is not None:
            start = time.time_ns()
            {"read": lambda s: read_cold(self.scratch, s), "sleep": time.sleep, "compute": compute}[fault](self.options.stall)
            truth = {"cause": "input-wait", "what": fault, "rank": self.rank, "worker_pid": os.getpid(), "start_ns": start, "end_ns": time.time_ns()}
            (self.options.out / f"fault_{self.rank}_{index}.json").write_text(json.dumps(truth))
        return torch.randn(self.options.tokens, 64)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(os.environ.get("FORENSICS_WORKLOAD_DIR") or "loader-out"))
    parser.add_argument("--steps", type=int, default=80, help="that are measured (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="of each rank (default: %(default)s)")
    parser.add_argument("--context", choices=("fork", "spawn"), default="fork", help="how workers begin (default: %(default)s)")
    parser.add_argument("--stall", type=float, default=0.4, help="seconds (default: %(default)s)")
    parser.add_argument("--width", type=int, default=4096)
    parser.add_argument("--tokens", type=int, default=2048, help="of a batch (default: %(default)s)")
    options = parser.parse_args()
    ranks = int(os.environ["WORLD_SIZE"])
    # In turn over the faults, the ranks and the workers: a worker has every so-manieth sample.
    gap = options.steps // (len(FAULTS) + 1)
    at = [WARM_UPS + gap * (n + 1) + n for n in range(len(FAULTS))]
    options.plan = {((n + 1) % ranks, index): fault for n, (fault, index) in enumerate(zip(FAULTS, at))}
    options.out.mkdir(parents=True, exist_ok=True)
    return options


class Net(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.into = nn.Linear(64, width)
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)) for _ in range(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.into(x)
        for block in self.blocks:
            h = h + block(h)
        return h.square().mean()


def main() -> None:
    options = parse_options()
    rank, device = int(os.environ["RANK"]), torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    torch.cuda.set_device(device)
    dist.init_process_group("nccl", device_id=device)
    torch.set_num_threads(1)
    net: Any = nn.parallel.DistributedDataParallel(Net(options.width).to(device, torch.bfloat16), device_ids=[device.index])
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-6)
    loader = torch.utils.data.DataLoader(Samples(options, rank), batch_size=1, num_workers=options.workers,
                                         prefetch_factor=2, pin_memory=True, multiprocessing_context=options.context)
    batches = iter(loader)
    for step in range(WARM_UPS + options.steps):
        if step == WARM_UPS:
            torch.cuda.synchronize()
            dist.barrier()
            torch.cuda.cudart().cudaProfilerStart()
            dist.barrier()
            begun = time.time_ns()
        batch = next(batches).to(device, torch.bfloat16, non_blocking=True)
        net(batch).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    torch.cuda.synchronize()
    ended = time.time_ns()
    dist.barrier()
    if rank == 0:
        faults = [json.loads(Path(f).read_text()) for f in glob.glob(str(options.out / "fault_*.json"))]
        truth = {"window_ns": [begun, ended], "faults": sorted(faults, key=lambda f: f["start_ns"])}
        (options.out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
        print("steps", options.steps, "in", round((ended - begun) / 1e6), "ms", truth["faults"], flush=True)
    time.sleep(1)
    torch.cuda.cudart().cudaProfilerStop()
    time.sleep(3)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
