"""The textbook's pipeline schedules: the operations of each rank, in order, and what is handed from one to the next."""

from collections.abc import Callable
from typing import NamedTuple


class Op(NamedTuple):
    kind: str  # F or B
    microbatch: int
    stage: int
    phase: str


class Message(NamedTuple):
    """An activation or a gradient on its way to another stage."""

    kind: str
    microbatch: int
    source: int  # stages
    target: int
    sender: int  # ranks
    receiver: int

    def __str__(self) -> str:
        return f"mb={self.microbatch} stage={self.source}->{self.target} rank={self.sender}->{self.receiver}"

    @property
    def link(self) -> tuple[str, int, int]:
        """Messages of a link are sent and wanted in the same order, in all schedules here."""
        return self.kind, self.sender, self.receiver


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


class Plan:
    """A schedule for so many ranks and microbatches."""

    def __init__(self, name: str, ranks: int, microbatches: int) -> None:
        order, self.chunks = SCHEDULES[name]
        self.name, self.ranks, self.stages = name, ranks, ranks * self.chunks
        self.orders = [order(rank, ranks, microbatches, self.chunks) for rank in range(ranks)]

    def incoming(self, op: Op) -> Message | None:
        return self._message(op, op.stage - 1 if op.kind == "F" else op.stage + 1, op.stage)

    def outgoing(self, op: Op) -> Message | None:
        return self._message(op, op.stage, op.stage + 1 if op.kind == "F" else op.stage - 1)

    def inbox(self, rank: int) -> list[Message]:
        """What a rank is sent, in the order in which it wants it."""
        return [message for op in self.orders[rank] if (message := self.incoming(op))]

    def _message(self, op: Op, source: int, target: int) -> Message | None:
        if not (0 <= source < self.stages and 0 <= target < self.stages):
            return None
        return Message(op.kind, op.microbatch, source, target, source % self.ranks, target % self.ranks)
