"""What a rank of the pipeline computes, and on what: layers of x -> relu(x W) with their true gradients, on a GPU or a CPU."""

import argparse
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from schedules import Op, Plan


class Gpu:
    """A GPU with a stream to compute, one for what it sends and one for what it receives."""

    dtype = torch.bfloat16

    def __init__(self, index: int) -> None:
        self.device = torch.device("cuda", index)
        self.compute, self.sends, self.receives = (torch.cuda.Stream(self.device) for _ in range(3))

    def on(self, stream: torch.cuda.Stream) -> AbstractContextManager[Any]:
        return torch.cuda.stream(stream)

    def record(self, stream: torch.cuda.Stream, timing: bool = False) -> torch.cuda.Event:
        with torch.cuda.device(self.device):
            event = torch.cuda.Event(enable_timing=timing)
            event.record(stream)
        return event

    def wait(self, stream: torch.cuda.Stream, event: torch.cuda.Event) -> None:
        stream.wait_event(event)

    def elapsed(self, start: torch.cuda.Event, end: torch.cuda.Event) -> float:
        return start.elapsed_time(end)

    def synchronize(self, stream: torch.cuda.Stream | None = None) -> None:
        if stream:
            stream.synchronize()
        else:
            torch.cuda.synchronize(self.device)


class Cpu:
    """The same words for a CPU, where everything is done at once. It stands in for a GPU when the program is tried out."""

    dtype, device = torch.float32, torch.device("cpu")
    compute = sends = receives = None

    def on(self, stream: None) -> AbstractContextManager[Any]:
        return nullcontext()

    def record(self, stream: None, timing: bool = False) -> float:
        return time.perf_counter() * 1e3

    def wait(self, stream: None, event: float) -> None:
        pass

    def elapsed(self, start: float, end: float) -> float:
        return end - start

    def synchronize(self, stream: None = None) -> None:
        pass


def numbers(place: Gpu | Cpu, seed: int, rows: int, columns: int, scale: float = 1.0) -> torch.Tensor:
    """Random, and the same for a seed on every GPU of one model, so that any rank can repeat what another one holds."""
    generator = torch.Generator(place.device).manual_seed(seed)
    return torch.randn(rows, columns, device=place.device, dtype=place.dtype, generator=generator) * scale


def layer_counts(options: argparse.Namespace, chunks: int) -> list[int]:
    """Layers of a stage, by rank: --imbalance stretches the last one's."""
    even = options.depth // chunks
    return [even] * (options.p - 1) + [max(1, round(even * options.imbalance))]


def microbatch(place: Gpu | Cpu, options: argparse.Namespace, index: int) -> torch.Tensor:
    return numbers(place, 1 + index, options.tokens, options.dim)


def weight(place: Gpu | Cpu, options: argparse.Namespace, rank: int, layer: int) -> torch.Tensor:
    """Of a size that keeps the mean square of the activations at 1, and so the loss at 0.5."""
    return numbers(place, 1_000_000 * (rank + 1) + layer, options.dim, options.dim, (2 / options.dim) ** 0.5)


def forward(x: torch.Tensor, weights: list[torch.Tensor]) -> list[torch.Tensor]:
    """The stage's input and what each layer made of it."""
    kept = [x]
    for w in weights:
        kept.append(torch.relu_(kept[-1] @ w))
    return kept


def backward(
    gradient: torch.Tensor, kept: list[torch.Tensor], weights: list[torch.Tensor], sums: list[torch.Tensor]
) -> torch.Tensor:
    """Adds to the gradients of the weights, and returns that of the stage's input: two products a layer."""
    for index in reversed(range(len(weights))):
        gradient = torch.ops.aten.threshold_backward(gradient, kept[index + 1], 0)
        sums[index].addmm_(kept[index].T, gradient)
        gradient = gradient @ weights[index].T
    return gradient


def loss_of(y: torch.Tensor) -> torch.Tensor:
    """Half the mean square, so that the gradient is y itself but for a factor, which is left out."""
    return torch.linalg.vector_norm(y, dtype=torch.float32).square() / (2 * y.numel())


class Rank:
    """The layers of a rank, for all schedules, and what it keeps between the forward and the backward of a microbatch."""

    def __init__(self, place: Gpu | Cpu, options: argparse.Namespace, rank: int, chunks: int) -> None:
        self.place, self.options, self.rank = place, options, rank
        layers = max(count * layer_counts(options, count)[rank] for count in range(1, chunks + 1))
        self.weights = [weight(place, options, rank, layer) for layer in range(layers)]
        self.sums = [torch.zeros_like(w) for w in self.weights]
        self.inputs = [microbatch(place, options, index) for index in range(options.m)] if rank == 0 else []
        self.kept: dict[tuple[int, int], list[torch.Tensor]] = {}
        self.losses: list[torch.Tensor] = []

    def reset(self) -> None:
        self.kept.clear()
        self.losses.clear()
        torch._foreach_zero_(self.sums)

    def compute(self, plan: Plan, op: Op, handed: torch.Tensor | None) -> torch.Tensor:
        chunk, count = op.stage // plan.ranks, layer_counts(self.options, plan.chunks)[self.rank]
        mine, key = slice(chunk * count, (chunk + 1) * count), (op.microbatch, op.stage)
        last = op.stage == plan.stages - 1
        if op.kind == "F":
            kept = self.kept[key] = forward(self.inputs[op.microbatch] if handed is None else handed, self.weights[mine])
            if last:
                self.losses.append(loss_of(kept[-1]))
            return kept[-1]
        kept = self.kept.pop(key)
        return backward(kept[-1] if last else handed, kept, self.weights[mine], self.sums[mine])


def reference(place: Gpu | Cpu, options: argparse.Namespace, plan: Plan, index: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What must come out for a microbatch, by one device alone: the last stage's output and the gradient of the input."""
    counts = layer_counts(options, plan.chunks)
    weights = [
        weight(place, options, stage % plan.ranks, stage // plan.ranks * counts[stage % plan.ranks] + layer)
        for stage in range(plan.stages)
        for layer in range(counts[stage % plan.ranks])
    ]
    kept = forward(microbatch(place, options, index), weights)
    return kept[-1], backward(kept[-1], kept, weights, [torch.zeros_like(w) for w in weights])
