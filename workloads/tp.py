"""Tensor-parallel decode: each rank holds a slice of every layer, and an all-reduce joins them; one rank may come late.

    forensics capture --preset multi-rank -- torchrun --nproc-per-node 2 workloads/tp.py --fault straggler-cpu

Batches follow one another without a pause, each --tokens steps long: to whoever measures, a batch is a request. One GPU a
rank, over NCCL; without GPUs the same program runs small on the CPU, over gloo. Leaves in --out, in epoch nanoseconds:
    requests.jsonl    a batch a line, as rank 0 saw it
    truth_rankN.json  the window, and each fault planted on rank N
    truth.json        the faults of all ranks. What a rank suffers from is `rank_cause`; what the others suffer, and what
                      an analysis should name, is `design_cause`
"""

import argparse
import json
import os
import time
from contextlib import AbstractContextManager
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F

from case import RequestLog, Stop, add_out_option, write_json
from faults import GPU_FAULTS, GpuBench
from host_faults import HOST_FAULTS, Bench
from marks import nvtx_range
from planter import Planter, add_fault_options, check_fault_options, due_times

HOST_STRAGGLERS = {f"straggler-{name}": HOST_FAULTS[fault] for name, fault in (
    ("cpu", "cpu-stall"), ("lock", "lock-wait"), ("sleep", "sleep"), ("disk", "disk-read"), ("paging", "page-fault"),
)}
GPU_STRAGGLERS = {f"straggler-{name}": GPU_FAULTS[fault] for name, fault in (
    ("gpu", "noisy-neighbour"), ("copy", "sync-copy"), ("memory", "alloc-churn"), ("code", "module-load"),
)}
STRAGGLERS = HOST_STRAGGLERS | GPU_STRAGGLERS
WARM_STEPS = 20


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_out_option(parser, "tp-out")
    add_fault_options(parser, STRAGGLERS, seconds=12, scratch_mib=4096)
    parser.add_argument("--rank", type=int, help="the rank that comes late (default: the last)")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--dim", type=int, help="width of the model (default: 8192; on the CPU 256)")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=32, help="steps of a batch (default: %(default)s)")
    parser.add_argument("--profiler-api", action="store_true", help="mark the window with cudaProfilerStart and -Stop")
    options = parser.parse_args()
    check_fault_options(parser, options)
    if options.rank is not None and not 0 <= options.rank < int(os.environ.get("WORLD_SIZE", 1)):
        parser.error(f"--rank {options.rank}: there are {os.environ.get('WORLD_SIZE', 1)} ranks")
    needing = [name for name in options.fault if name in GPU_STRAGGLERS]
    if needing and not torch.cuda.is_available():
        parser.error(f"{', '.join(needing)}: there is no GPU here")
    return options


class Ranks:
    """This process among its peers, and the device that it computes on."""

    def __init__(self) -> None:
        self.gpu = torch.cuda.is_available()
        if self.gpu:
            self.device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
            torch.cuda.set_device(self.device)
            dist.init_process_group("nccl", device_id=self.device)
        else:
            self.device = torch.device("cpu")
            dist.init_process_group("gloo")
        self.rank, self.count = dist.get_rank(), dist.get_world_size()
        self._flag = torch.zeros(1, device=self.device)

    def any(self, here: bool) -> bool:
        """True on all ranks when it is true on one: signals and clocks do not reach all of them at the same step."""
        self._flag.fill_(float(here))
        dist.all_reduce(self._flag, op=dist.ReduceOp.MAX)
        return bool(self._flag.item())

    def range(self, text: str) -> AbstractContextManager[None]:
        return torch.cuda.nvtx.range(text) if self.gpu else nvtx_range(text)

    def profile(self, on: bool) -> None:
        if self.gpu:
            torch.cuda.synchronize()
            if on:
                torch.cuda.cudart().cudaProfilerStart()
            else:
                torch.cuda.cudart().cudaProfilerStop()


class Model:
    """A stack of feed-forward layers, each with an all-reduce."""

    def __init__(self, options: argparse.Namespace, ranks: Ranks) -> None:
        self.ranks = ranks
        self.dim = options.dim or (8192 if ranks.gpu else 256)
        self.kind = {"device": ranks.device, "dtype": torch.bfloat16 if ranks.gpu else torch.float32}
        torch.manual_seed(options.seed)
        wide = 2 * self.dim
        self.layers = [(self._weights(wide, self.dim), self._weights(self.dim, wide)) for _ in range(options.layers)]
        self.input = torch.randn(options.batch, self.dim, **self.kind)

    def _weights(self, rows: int, columns: int) -> torch.Tensor:
        return torch.randn(rows, columns, **self.kind) * self.dim**-0.5

    @torch.inference_mode()
    def step(self, number: int) -> float:
        """One token for the whole batch. Reading the result back waits for the device."""
        with self.ranks.range(f"step={number} rank={self.ranks.rank}"):
            x = self.input
            for up, down in self.layers:
                y = F.linear(F.silu(F.linear(x, up)), down)
                with self.ranks.range("all_reduce"):
                    dist.all_reduce(y)
                x = F.rms_norm(x + y, (self.dim,))
            return float(x[0, 0])


class Run:
    """Batch after batch until the window closes or a signal reaches any rank."""

    def __init__(self, options: argparse.Namespace, ranks: Ranks, model: Model, planter: Planter, stop: Stop) -> None:
        self.options, self.ranks, self.model, self.planter, self.stop = options, ranks, model, planter, stop
        self.late = ranks.rank == (ranks.count - 1 if options.rank is None else options.rank)
        self.steps, self.window = 0, [0, 0]

    def run(self, log: RequestLog | None) -> None:
        for _ in range(WARM_STEPS):
            self.model.step(-1)
        if self.late:
            self.planter.prepare(self.options.fault)
        dist.barrier()
        if self.options.profiler_api:
            self.ranks.profile(True)
        begin = time.time()
        self.window[0] = time.time_ns()
        if self.late:
            self.planter.begin(due_times(self.options, begin))
        number = 0
        while not self.ranks.any(self._over(begin)):
            stamps = self._batch()
            if log:
                log.add(record(number, stamps))
            number += 1
        self.window[1] = time.time_ns()
        if self.options.profiler_api:
            self.ranks.profile(False)

    def _over(self, begin: float) -> bool:
        return self.stop.asked or bool(self.options.seconds and time.time() - begin > self.options.seconds)

    def _batch(self) -> list[int]:
        """When it began, and when each of its tokens came."""
        stamps = [time.time_ns()]
        for _ in range(self.options.tokens):
            self.planter.step()
            self.model.step(self.steps)
            self.steps += 1
            stamps.append(time.time_ns())
        return stamps

    def truth(self) -> dict[str, Any]:
        """A rank's own cause is what it was planted with; its peers only see it come late."""
        return {
            "rank": self.ranks.rank,
            "window_ns": self.window,
            "faults": [
                {**fault, "design_cause": "collective-wait", "rank": self.ranks.rank, "rank_cause": fault["design_cause"]}
                for fault in self.planter.truth
            ],
            "steps": self.steps,
        }


def record(number: int, stamps: list[int]) -> dict[str, Any]:
    """A line of requests.jsonl, in the native format of docs/formats.md."""
    start, *tokens = stamps
    return {
        "id": number,
        "arrival_ns": start,
        "scheduled_ns": start,
        "first_token_ns": tokens[0],
        "finish_ns": tokens[-1],
        "prompt_tokens": None,
        "output_tokens": len(tokens),
        "itl_us": [(after - before) // 1000 for before, after in zip(tokens, tokens[1:])],
        "status": "ok",
    }


def merge_truth(options: argparse.Namespace, ranks: Ranks) -> None:
    parts = [json.loads((options.out / f"truth_rank{rank}.json").read_text()) for rank in range(ranks.count)]
    truth = {
        "window_ns": parts[0]["window_ns"],
        "faults": sorted((fault for part in parts for fault in part["faults"]), key=lambda fault: fault["start_ns"]),
        "scenario": ",".join(options.fault) or "clean",
        "ranks": ranks.count,
        "backend": dist.get_backend(),
        "environment": {name: value for name, value in os.environ.items() if name.startswith("NCCL_")},
        **{name: getattr(options, name) for name in ("seed", "scale", "layers", "batch", "tokens", "seconds")},
    }
    write_json(options.out / "truth.json", truth)


def main() -> None:
    options, stop = parse_options(), Stop()
    ranks = Ranks()
    model = Model(options, ranks)
    bench = GpuBench(options) if ranks.gpu else Bench(options)
    run = Run(options, ranks, model, Planter(STRAGGLERS, bench), stop)
    log = RequestLog(options.out) if ranks.rank == 0 else None
    run.run(log)
    run.planter.close()
    if log:
        log.close()
    write_json(options.out / f"truth_rank{ranks.rank}.json", run.truth())
    dist.barrier()  # all of them are written
    if ranks.rank == 0:
        merge_truth(options, ranks)
    seconds = (run.window[1] - run.window[0]) / 1e9
    print(f"rank {ranks.rank}: {run.steps} steps in {seconds:.1f} s, {len(run.planter.truth)} faults planted", flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
