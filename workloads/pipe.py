"""A training pipeline over the GPUs of one host, driven by one process: gpipe, 1f1b and interleaved.

    forensics capture --preset pipeline -- python3 workloads/pipe.py
    forensics capture --preset pipeline -- python3 workloads/pipe.py --handoff host --imbalance 1.5

Forward and backward are matrix products on random data; activations travel between GPUs by peer copies on streams of their
own. What can be planted: copies on the compute stream (--handoff serial), copies through the host (--handoff host), and a
last stage that works longer (--imbalance). NVTX names each operation, hand-off and phase:
    1f1b iter=0 | F mb=3 stage=1 rank=1 | B mb=3 stage=1 rank=1 | handoff mb=3 stage=0->1 rank=0->1 | rank=1 steady begin
Leaves truth.json in --out: each iteration with its time and its ideal bubble, and what was planted in it.
"""

import argparse
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
import torch.cuda.nvtx as nvtx

from case import Stop, add_out_option, write_json


class Op(NamedTuple):
    kind: str  # F or B
    microbatch: int
    stage: int
    phase: str


# ---- schedules: the operations of a rank, in order ----------------------------------------------------------


def gpipe(rank: int, ranks: int, microbatches: int, chunks: int) -> list[Op]:
    forward = [Op("F", index, rank, "warmup") for index in range(microbatches)]
    return forward + [Op("B", index, rank, "cooldown") for index in range(microbatches)]


def one_forward_one_backward(rank: int, ranks: int, microbatches: int, chunks: int) -> list[Op]:
    ahead = min(microbatches, ranks - rank - 1)
    ops = [Op("F", index, rank, "warmup") for index in range(ahead)]
    for index in range(microbatches - ahead):
        ops += [Op("F", ahead + index, rank, "steady"), Op("B", index, rank, "steady")]
    return ops + [Op("B", index, rank, "cooldown") for index in range(microbatches - ahead, microbatches)]


def interleaved(rank: int, ranks: int, microbatches: int, chunks: int) -> list[Op]:
    """Megatron's order: a rank holds `chunks` virtual stages, and works on `ranks` microbatches of one before the next."""
    total, turn = microbatches * chunks, ranks * chunks
    ahead = min(total, (ranks - rank - 1) * 2 + (chunks - 1) * ranks)

    def op(kind: str, index: int, phase: str) -> Op:
        chunk = index % turn // ranks
        if kind == "B":
            chunk = chunks - 1 - chunk
        return Op(kind, index // turn * ranks + index % ranks, chunk * ranks + rank, phase)

    ops = [op("F", index, "warmup") for index in range(ahead)]
    for index in range(total - ahead):
        ops += [op("F", ahead + index, "steady"), op("B", index, "steady")]
    return ops + [op("B", index, "cooldown") for index in range(total - ahead, total)]


class Schedule(NamedTuple):
    order: Callable[[int, int, int, int], list[Op]]
    chunks: int  # virtual stages a rank holds


SCHEDULES = {"gpipe": Schedule(gpipe, 1), "1f1b": Schedule(one_forward_one_backward, 1), "interleaved": Schedule(interleaved, 2)}


# ---- the pipeline -------------------------------------------------------------------------------------------


@dataclass
class Handed:
    """An activation that arrived, or will: wait for the event before using it."""

    event: torch.cuda.Event
    tensor: torch.Tensor


class Pipeline:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.ranks = options, range(options.p)
        self.compute = [torch.cuda.Stream(rank) for rank in self.ranks]
        self.copies = [torch.cuda.Stream(rank) for rank in self.ranks]
        width, tokens = options.dim, options.tokens
        self.weights = [[self._random(rank, width, width) * width**-0.5 for _ in range(options.depth)] for rank in self.ranks]
        self.inputs = [self._random(rank, tokens, width) for rank in self.ranks]
        self.host = [[torch.empty(tokens, width, dtype=torch.bfloat16).pin_memory() for _ in range(2)] for _ in self.ranks]
        self.ready: dict[tuple[str, int, int], Handed] = {}  # by kind, microbatch and the stage that made it
        self.alive: list[torch.Tensor] = []  # other streams still read them

    @staticmethod
    def _random(rank: int, rows: int, columns: int) -> torch.Tensor:
        return torch.randn(rows, columns, device=f"cuda:{rank}", dtype=torch.bfloat16)

    def run(self, name: str, iteration: int) -> float:
        """One iteration; returns its milliseconds on the GPU, those of the slowest rank."""
        schedule, options = SCHEDULES[name], self.options
        orders = [schedule.order(rank, options.p, options.m, schedule.chunks) for rank in self.ranks]
        nvtx.range_push(f"{name} iter={iteration}")
        starts = self._events()
        self._issue(orders, schedule.chunks)
        ends = self._events()
        nvtx.range_pop()
        for rank in self.ranks:
            torch.cuda.synchronize(rank)
        self.ready.clear()
        self.alive.clear()
        return max(start.elapsed_time(end) for start, end in zip(starts, ends))

    def _events(self) -> list[torch.cuda.Event]:
        events = []
        for rank in self.ranks:
            torch.cuda.set_device(rank)
            event = torch.cuda.Event(enable_timing=True)
            event.record(self.compute[rank])
            events.append(event)
        return events

    def _issue(self, orders: list[list[Op]], chunks: int) -> None:
        """Launches everything from one thread: round the ranks, each time the next operation whose input is on its way."""
        stages, at, phases = self.options.p * chunks, [0 for _ in self.ranks], ["" for _ in self.ranks]
        while any(at[rank] < len(orders[rank]) for rank in self.ranks):
            for rank in self.ranks:
                if at[rank] == len(orders[rank]):
                    continue
                op = orders[rank][at[rank]]
                source = op.stage - 1 if op.kind == "F" else op.stage + 1
                wanted = (op.kind, op.microbatch, source)
                if 0 <= source < stages and wanted not in self.ready:
                    continue
                at[rank] += 1
                torch.cuda.set_device(rank)
                if op.phase != phases[rank]:
                    phases[rank] = op.phase
                    if not self.options.no_phases:
                        nvtx.mark(f"rank={rank} {op.phase} begin")
                result, done = self._compute(rank, op, self.ready.get(wanted), chunks)
                target = op.stage + 1 if op.kind == "F" else op.stage - 1
                if 0 <= target < stages:
                    self.ready[op.kind, op.microbatch, op.stage] = self._hand_off(rank, op, target, result, done)
                self.alive.append(result)

    def _compute(self, rank: int, op: Op, handed: Handed | None, chunks: int) -> tuple[torch.Tensor, torch.cuda.Event]:
        with torch.cuda.stream(self.compute[rank]):
            x = self.inputs[rank]
            if handed:
                self.compute[rank].wait_event(handed.event)
                x = handed.tensor
            nvtx.range_push(f"{op.kind} mb={op.microbatch} stage={op.stage} rank={rank}")
            for index in range(self._products(rank, op, chunks)):
                x = x @ self.weights[rank][index % self.options.depth]
                if op.kind == "F":
                    x = torch.relu(x)
            nvtx.range_pop()
            done = torch.cuda.Event()
            done.record()
        return x, done

    def _products(self, rank: int, op: Op, chunks: int) -> int:
        """A backward pass is twice a forward pass; the last rank's work is stretched by --imbalance."""
        products = self.options.depth // chunks * (1 if op.kind == "F" else 2)
        return max(1, round(products * self.options.imbalance)) if rank == self.options.p - 1 else products

    def _hand_off(self, rank: int, op: Op, target: int, x: torch.Tensor, done: torch.cuda.Event) -> Handed:
        to = target % self.options.p
        stream = self.compute[rank] if self.options.handoff == "serial" else self.copies[rank]
        nvtx.range_push(f"handoff mb={op.microbatch} stage={op.stage}->{target} rank={rank}->{to}")
        arrived = torch.cuda.Event()
        with torch.cuda.stream(stream):
            stream.wait_event(done)
            if self.options.handoff == "host":
                buffer = self.host[rank][op.microbatch % 2]
                buffer.copy_(x, non_blocking=True)
                stream.synchronize()
                y = torch.empty_like(x, device=f"cuda:{to}")
                y.copy_(buffer, non_blocking=True)
            else:
                y = torch.empty_like(x, device=f"cuda:{to}")
                y.copy_(x, non_blocking=True)
            x.record_stream(stream)
            if self.options.handoff != "host":
                arrived.record(stream)
        nvtx.range_pop()
        if self.options.handoff == "host":  # its second half ran on the target's stream
            with torch.cuda.device(to):
                arrived.record(torch.cuda.current_stream(to))
        return Handed(arrived, y)


# ---- the program --------------------------------------------------------------------------------------------


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_out_option(parser, "pipe-out")
    parser.add_argument("--schedules", type=lambda text: text.split(","), default=list(SCHEDULES), metavar="NAME,NAME...",
                        help=f"in this order (default: {','.join(SCHEDULES)})")
    parser.add_argument("--iters", type=int, default=4, help="of each (default: %(default)s); 0: in turn until SIGTERM or SIGINT")
    parser.add_argument("--p", type=int, default=2, help="GPUs (default: %(default)s)")
    parser.add_argument("--m", type=int, default=8, help="microbatches (default: %(default)s)")
    parser.add_argument("--handoff", choices=("peer", "serial", "host"), default="peer")
    parser.add_argument("--imbalance", type=float, default=1.0, help="work of the last rank, as a factor")
    parser.add_argument("--dim", type=int, default=8192)
    parser.add_argument("--tokens", type=int, default=4096, help="of a microbatch (default: %(default)s)")
    parser.add_argument("--depth", type=int, default=4, help="matrix products of a rank's forward pass (default: %(default)s)")
    parser.add_argument("--no-phases", action="store_true", help="without the marks of warmup, steady and cooldown")
    parser.add_argument("--profiler-api", action="store_true", help="mark the measured iterations with cudaProfilerStart and -Stop")
    options = parser.parse_args()
    unknown = [name for name in options.schedules if name not in SCHEDULES]
    if unknown:
        parser.error(f"unknown schedule: {', '.join(unknown)}")
    if "interleaved" in options.schedules and (options.m % options.p or options.depth % SCHEDULES["interleaved"].chunks):
        parser.error("interleaved wants --m divisible by --p, and an even --depth")
    if not 2 <= options.p <= torch.cuda.device_count():
        parser.error(f"--p {options.p}: there are {torch.cuda.device_count()} GPUs, and a pipeline wants two at least")
    return options


def planted(options: argparse.Namespace) -> list[tuple[str, str]]:
    faults = {"serial": ("handoff-serial", "handoff-exposed"), "host": ("handoff-host", "peer-copy-staged")}
    names = [faults[options.handoff]] if options.handoff in faults else []
    return names + ([("imbalance", "stage-imbalance")] if options.imbalance != 1 else [])


def turns(options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    if options.iters:
        return itertools.product(options.schedules, range(options.iters))
    return ((name, iteration) for iteration in itertools.count() for name in options.schedules)


def measure(options: argparse.Namespace, pipeline: Pipeline, stop: Stop) -> list[dict[str, Any]]:
    runs = []
    for name, iteration in turns(options):
        if stop.asked:
            break
        chunks, start = SCHEDULES[name].chunks, time.time_ns()
        ms = pipeline.run(name, iteration)
        bubble = (options.p - 1) / (chunks * options.m + options.p - 1)
        runs.append({"schedule": name, "iter": iteration, "ms": ms, "start_ns": start, "end_ns": time.time_ns(),
                     "p": options.p, "m": options.m, "v": chunks, "ideal_bubble": bubble})
    return runs


def main() -> None:
    options, stop = parse_options(), Stop()
    pipeline = Pipeline(options)
    for name in options.schedules:
        pipeline.run(name, -1)  # loads every kernel
    if options.profiler_api:
        torch.cuda.cudart().cudaProfilerStart()
    window = [time.time_ns()]
    runs = measure(options, pipeline, stop)
    window.append(time.time_ns())
    if options.profiler_api:
        torch.cuda.cudart().cudaProfilerStop()
    faults = [{"cause": cause, "design_cause": design_cause, "start_ns": run["start_ns"], "end_ns": run["end_ns"]}
              for run in runs for cause, design_cause in planted(options)]
    arguments = {name: value for name, value in vars(options).items() if name != "out"}
    write_json(options.out / "truth.json", {"window_ns": window, "faults": faults, "runs": runs, "args": arguments})
    for name in options.schedules:
        print(name, "ms", sorted(round(run["ms"], 2) for run in runs if run["schedule"] == name), flush=True)


if __name__ == "__main__":
    main()
