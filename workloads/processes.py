"""The ranks of a pipeline that this process drives, and its words with the processes that drive the others."""

import argparse
import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
import torch.distributed as dist

from handoffs import ONE_PROCESS, Copies, SendReceive, Symmetric, make_groups
from marks import nvtx_mark, nvtx_range
from stages import Cpu, Gpu


class Here:
    """The ranks that this process drives, and its words with the processes that drive the others."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.quiet = True  # no NVTX: what is not measured must not be taken for iterations
        gpu, self.apart = torch.cuda.is_available(), options.handoff not in ONE_PROCESS
        ranks = [int(os.environ["RANK"])] if self.apart else range(options.p)
        self.places = {rank: Gpu(int(os.environ["LOCAL_RANK"]) if self.apart else rank) if gpu else Cpu() for rank in ranks}
        self.place = next(iter(self.places.values()))
        if gpu:
            torch.cuda.set_device(self.place.device)
        if self.apart:
            dist.init_process_group("nccl" if gpu else "gloo", device_id=self.place.device if gpu else None)
            messages = (message for plan in options.plans for rank in range(options.p) for message in plan.inbox(rank))
            self.groups = make_groups((message.link for message in messages), self.place)

    def reduce(self, values: list[Any], how: Any, kind: torch.dtype = torch.float64) -> list[Any]:
        if not self.apart or not values:
            return values
        table = torch.tensor(values, dtype=kind, device=self.place.device)
        dist.all_reduce(table, op=how)
        return table.tolist()

    def any(self, here: bool) -> bool:
        """True on all when it is true on one; all of them have come here."""
        return bool(self.reduce([float(here)], dist.ReduceOp.MAX)[0])

    def synchronize(self) -> None:
        for place in self.places.values():
            place.synchronize()

    def handoff(self, way: str, options: argparse.Namespace) -> Copies | SendReceive | Symmetric:
        shape = options.tokens, options.dim
        if way in ONE_PROCESS:
            return Copies(list(self.places.values()), way, shape)
        rank = next(iter(self.places))
        if way == "nccl":
            return SendReceive(self.place, rank, shape, self.groups)
        return Symmetric(self.place, rank, shape, options.plans)

    def say(self, text: str) -> None:
        if 0 in self.places:
            print(text, flush=True)

    def range(self, text: str) -> AbstractContextManager[None]:
        if self.quiet:
            return nullcontext()
        return torch.cuda.nvtx.range(text) if torch.cuda.is_available() else nvtx_range(text)

    def mark(self, text: str) -> None:
        if not self.quiet:
            (torch.cuda.nvtx.mark if torch.cuda.is_available() else nvtx_mark)(text)
