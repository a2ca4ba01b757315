"""What this host can do: matrix products, all-reduce, and copies between two GPUs.

    torchrun --nproc-per-node 2 workloads/phys.py

One rank a GPU, over NCCL. Leaves physics.json in --out, and prints it in short. With one rank there is neither all-reduce nor
copy to measure, and those lists are empty.
"""

import argparse
import json
import os
from collections.abc import Callable
from typing import Any

import torch
import torch.cuda.nvtx as nvtx
import torch.distributed as dist

from case import add_out_option, write_json

SHAPES = ((8192, 8192, 8192), (4096, 28672, 8192), (4096, 8192, 28672), (512, 8192, 8192))  # m, n, k
REDUCED_MIB = (1, 4, 16, 64, 256, 1024)
COPIED_MIB = (1, 16, 256, 1024)


def milliseconds(work: Callable[[], Any], times: int = 10) -> float:
    for _ in range(3):
        work()
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    torch.cuda.synchronize()
    start.record()
    for _ in range(times):
        work()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / times


def products() -> list[dict[str, Any]]:
    rows = []
    for dtype in (torch.bfloat16, torch.float16):
        for m, n, k in SHAPES:
            x = torch.randn(m, k, device="cuda", dtype=dtype)
            w = torch.randn(k, n, device="cuda", dtype=dtype)
            with nvtx.range(f"gemm {dtype} {m}x{n}x{k}"):
                ms = milliseconds(lambda: x @ w)
            tflops = 2 * m * n * k / ms / 1e9
            rows.append({"dtype": str(dtype).removeprefix("torch."), "m": m, "n": n, "k": k, "ms": ms, "tflops": tflops})
    return rows


def reductions(ranks: int) -> list[dict[str, Any]]:
    rows = []
    for mib in REDUCED_MIB if ranks > 1 else ():
        size = mib << 20
        x = torch.ones(size // 2, device="cuda", dtype=torch.bfloat16)
        with nvtx.range(f"all_reduce {mib} MiB"):
            ms = milliseconds(lambda: dist.all_reduce(x), 5)
        rate = size / ms / 1e6
        bus = rate * 2 * (ranks - 1) / ranks
        rows.append({"op": "all_reduce", "bytes": size, "ms": ms, "algbw_gbps": rate, "busbw_gbps": bus})
    return rows


def copies() -> list[dict[str, Any]]:
    rows = []
    for mib in COPIED_MIB if torch.cuda.device_count() > 1 else ():
        size = mib << 20
        x = torch.ones(size, device="cuda:0", dtype=torch.uint8)
        y = torch.empty_like(x, device="cuda:1")
        with nvtx.range(f"p2p {mib} MiB"):
            ms = milliseconds(lambda: y.copy_(x, non_blocking=True))
        rows.append({"src": 0, "dst": 1, "bytes": size, "ms": ms, "gbps": size / ms / 1e6})
    return rows


def measure(rank: int, ranks: int) -> dict[str, Any]:
    physics = {"gemm": products(), "nccl": reductions(ranks), "p2p": [], "p2p_access": None}
    dist.barrier()
    if rank == 0 and ranks > 1:  # the others would compete for the link
        physics |= {"p2p": copies(), "p2p_access": torch.cuda.can_device_access_peer(0, 1)}
    dist.barrier()
    torch.cuda.synchronize()
    return physics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_out_option(parser, "phys-out")
    parser.add_argument("--profiler-api", action="store_true", help="mark the measurements with cudaProfilerStart and -Stop")
    options = parser.parse_args()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    torch.cuda.set_device(device)
    dist.init_process_group("nccl", device_id=device)
    rank, ranks = dist.get_rank(), dist.get_world_size()
    if options.profiler_api:
        torch.cuda.cudart().cudaProfilerStart()
    physics = measure(rank, ranks)
    if options.profiler_api:
        torch.cuda.cudart().cudaProfilerStop()
    if rank == 0:
        write_json(options.out / "physics.json", physics)
        short = {
            "gemm": [round(row["tflops"]) for row in physics["gemm"]],
            "nccl": [round(row["busbw_gbps"], 1) for row in physics["nccl"]],
            "p2p": [round(row["gbps"], 1) for row in physics["p2p"]],
        }
        print(json.dumps(short), flush=True)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
