"""What this host can do: matrix products of every GPU, copies between all GPUs and to the host, and collectives.

    torchrun --nproc-per-node 2 workloads/phys.py

One rank a GPU, over NCCL. Leaves physics.json in --out, and prints it in short; `forensics certify --run` starts it and judges what
it measured. With one rank there are neither collectives nor copies between GPUs to measure, and those lists are empty.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.cuda.nvtx as nvtx
import torch.distributed as dist

from case import add_out_option, write_json

SHAPES = ((8192, 8192, 8192), (4096, 28672, 8192), (4096, 8192, 28672), (512, 8192, 8192))  # m, n, k
KIB, GIB = 1 << 10, 1 << 30
SIZES = tuple(KIB << (2 * step) for step in range(11))  # 1 KiB to 1 GiB: from latency to bandwidth
HOST_SIZES = (16 << 20, 256 << 20)


def readable(size: int) -> str:
    for unit, name in ((GIB, "GiB"), (1 << 20, "MiB")):
        if size >= unit:
            return f"{size // unit} {name}"
    return f"{size // KIB} KiB"


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


def repetitions(size: int) -> int:
    """Small messages take microseconds, and vary."""
    return 10 if size >= 16 << 20 else 50


@contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


def plain_product(dtype: torch.dtype, m: int, n: int, k: int) -> Callable[[], Any]:
    x = torch.randn(m, k, device="cuda", dtype=dtype)
    w = torch.randn(k, n, device="cuda", dtype=dtype)
    return lambda: x @ w


def float8_product(m: int, n: int, k: int) -> Callable[[], Any]:
    x = torch.randn(m, k, device="cuda", dtype=torch.bfloat16).to(torch.float8_e4m3fn)
    w = torch.randn(n, k, device="cuda", dtype=torch.bfloat16).to(torch.float8_e4m3fn).t()
    one = torch.ones((), device="cuda")
    return lambda: torch._scaled_mm(x, w, scale_a=one, scale_b=one, out_dtype=torch.bfloat16)


PRECISIONS: dict[str, Callable[[int, int, int], Callable[[], Any]]] = {
    "bfloat16": lambda m, n, k: plain_product(torch.bfloat16, m, n, k),
    "float16": lambda m, n, k: plain_product(torch.float16, m, n, k),
    "tf32": lambda m, n, k: plain_product(torch.float32, m, n, k),
    "float32": lambda m, n, k: plain_product(torch.float32, m, n, k),
    "float8": float8_product,
}


def products(gpu: int, skipped: list[str]) -> list[dict[str, Any]]:
    rows = []
    for precision, product in PRECISIONS.items():
        for m, n, k in SHAPES:
            with tf32(precision == "tf32"):
                try:
                    work = product(m, n, k)
                    with nvtx.range(f"gemm {precision} {m}x{n}x{k}"):
                        ms = milliseconds(work)
                except (AttributeError, RuntimeError, TypeError) as error:
                    if precision != "float8":
                        raise
                    # Neither every PyTorch nor every GPU multiplies float8.
                    skipped.append(f"float8: {str(error).splitlines()[0]}")
                    break
            tflops = 2 * m * n * k / ms / 1e9
            rows.append({"gpu": gpu, "dtype": precision, "m": m, "n": n, "k": k, "ms": ms, "tflops": tflops})
    return rows


# By name: what one call does, and how often the bus carries each byte (nccl-tests, doc/PERFORMANCE.md). A chunk is one rank's part.
COLLECTIVES: dict[str, tuple[Callable[[torch.Tensor, torch.Tensor], Any], Callable[[int], float]]] = {
    "all_reduce": (lambda whole, _: dist.all_reduce(whole), lambda ranks: 2 * (ranks - 1) / ranks),
    "all_gather": (lambda whole, chunk: dist.all_gather_into_tensor(whole, chunk), lambda ranks: (ranks - 1) / ranks),
    "reduce_scatter": (lambda whole, chunk: dist.reduce_scatter_tensor(chunk, whole), lambda ranks: (ranks - 1) / ranks),
    "all_to_all": (lambda whole, _: dist.all_to_all_single(torch.empty_like(whole), whole), lambda ranks: (ranks - 1) / ranks),
}


def collectives(ranks: int) -> list[dict[str, Any]]:
    rows = []
    for op, (call, factor) in COLLECTIVES.items() if ranks > 1 else ():
        for asked in SIZES:
            part = max(asked // (2 * ranks), 1)
            whole = torch.ones(part * ranks, device="cuda", dtype=torch.bfloat16)
            chunk = torch.ones(part, device="cuda", dtype=torch.bfloat16)
            size = whole.nbytes
            with nvtx.range(f"{op} {readable(asked)}"):
                ms = milliseconds(lambda: call(whole, chunk), repetitions(size))
            rate = size / ms / 1e6
            rows.append({"op": op, "ranks": ranks, "bytes": size, "ms": ms, "algbw_gbps": rate, "busbw_gbps": rate * factor(ranks)})
    return rows


def number_of(device: int) -> int:
    """What nvidia-smi calls a GPU, so that its samples can be laid beside."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    return int(visible[device]) if device < len(visible) and visible[device].strip().isdigit() else device


def pairs() -> list[tuple[int, int]]:
    gpus = range(torch.cuda.device_count())
    return [(src, dst) for src in gpus for dst in gpus if src != dst]


def copies() -> list[dict[str, Any]]:
    rows = []
    for src, dst in pairs():
        torch.cuda.set_device(src)
        for size in SIZES:
            x = torch.ones(size, device=f"cuda:{src}", dtype=torch.uint8)
            y = torch.empty_like(x, device=f"cuda:{dst}")
            with nvtx.range(f"p2p {src} to {dst} {readable(size)}"):
                ms = milliseconds(lambda: y.copy_(x, non_blocking=True), repetitions(size))
            rows.append({"src": number_of(src), "dst": number_of(dst), "bytes": size, "ms": ms, "gbps": size / ms / 1e6})
    return rows


def host_copies(gpu: int) -> list[dict[str, Any]]:
    rows = []
    for size in HOST_SIZES:
        there = torch.ones(size, dtype=torch.uint8, pin_memory=True)
        here = torch.empty(size, device="cuda", dtype=torch.uint8)
        for direction, work in (
            ("from host", lambda: here.copy_(there, non_blocking=True)),
            ("to host", lambda: there.copy_(here, non_blocking=True)),
        ):
            with nvtx.range(f"copy {direction} {readable(size)}"):
                ms = milliseconds(work)
            rows.append({"gpu": gpu, "direction": direction, "bytes": size, "ms": ms, "gbps": size / ms / 1e6})
    return rows


class Turns:
    """One rank works while the others wait on their processors: a barrier of NCCL would spin on their GPUs, and share them by time slices."""

    def __init__(self, rank: int, ranks: int) -> None:
        self._rank, self._ranks = rank, ranks
        self._group = dist.new_group(backend="gloo")

    def wait(self) -> None:
        torch.cuda.synchronize()
        dist.barrier(group=self._group)

    def alone(self, rank: int, work: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        self.wait()
        rows = work() if rank == self._rank else []
        self.wait()
        return rows

    def each(self, work: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        return [row for rank in range(self._ranks) for row in self.alone(rank, work)]

    def gathered(self, rows: list[Any]) -> list[Any]:
        all_rows: list[Any] = [None] * self._ranks
        dist.all_gather_object(all_rows, rows, group=self._group)
        return [row for own in all_rows for row in own]


def measure(rank: int, ranks: int, device: int) -> dict[str, Any]:
    turns = Turns(rank, ranks)
    gpu = number_of(device)
    skipped: list[str] = []
    turns.wait()
    gemm = turns.gathered(products(gpu, skipped))
    nccl = collectives(ranks)
    host = turns.gathered(turns.each(lambda: host_copies(gpu)))
    p2p = turns.alone(0, copies if ranks > 1 else list)
    torch.cuda.set_device(device)
    access = [
        {"src": number_of(src), "dst": number_of(dst), "access": torch.cuda.can_device_access_peer(src, dst)} for src, dst in pairs()
    ]
    return {
        "gpu_model": torch.cuda.get_device_name(device),
        "torch": torch.__version__,
        "gemm": gemm,
        "nccl": nccl,
        "p2p": p2p,
        "p2p_access": access if ranks > 1 else None,
        "host": host,
        "skipped": sorted(set(turns.gathered(skipped))),
    }


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
    physics = measure(rank, ranks, device.index)
    if options.profiler_api:
        torch.cuda.cudart().cudaProfilerStop()
    if rank == 0:
        write_json(options.out / "physics.json", physics)
        short = {
            "gemm": [round(row["tflops"]) for row in physics["gemm"]],
            "nccl": [round(row["busbw_gbps"], 1) for row in physics["nccl"] if row["bytes"] >= GIB // 2],
            "p2p": [round(row["gbps"], 1) for row in physics["p2p"] if row["bytes"] == GIB],
        }
        print(json.dumps(short), flush=True)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
