"""
The ways from one stage to the next. All of them offer: begin (an iteration), ready and receive (a message that an
operation needs), send (what an operation made), finish (once the devices are idle); and SendReceive expect (a message early).

    peer, serial, host   one process for all GPUs (Copies)
    nccl                 a process a GPU: dist.isend and dist.irecv (SendReceive); gloo where there is no GPU
    symmetric            a process a GPU: copies into the memory of the other, with a signal after each (Symmetric)
"""

from collections.abc import Iterable
from typing import Any

import torch
import torch.distributed as dist

from schedules import Message, Plan
from stages import Cpu, Gpu

Place = Gpu | Cpu
ONE_PROCESS = ("peer", "serial", "host")
SIGNAL_MS = 20_000  # a signal that has not come by then never will: the kernel traps


class Copies:
    """Between GPUs of this process, each copy on the sender's stream: directly, or through pinned memory of the host."""

    def __init__(self, places: list[Place], way: str, shape: tuple[int, int]) -> None:
        self.places, self.way = places, way
        self.arrived: dict[Message, tuple[Any, torch.Tensor]] = {}
        self.sending: list[torch.Tensor] = []  # another stream still reads them
        pinned = isinstance(places[0], Gpu)
        rows = places if way == "host" else []
        self.buffers = [[torch.empty(shape, dtype=place.dtype, pin_memory=pinned) for _ in range(2)] for place in rows]
        self.emptied: dict[tuple[int, int], Any] = {}  # by rank and buffer: the end of the copy that reads it

    def begin(self, plan: Plan) -> None:
        pass

    def ready(self, message: Message) -> bool:
        return message in self.arrived

    def receive(self, message: Message) -> torch.Tensor:
        event, tensor = self.arrived[message]
        place = self.places[message.receiver]
        place.wait(place.compute, event)
        return tensor

    def send(self, message: Message, x: torch.Tensor, done: Any) -> None:
        place, target = self.places[message.sender], self.places[message.receiver]
        stream = place.compute if self.way == "serial" else place.sends
        with target.on(target.receives):
            y = torch.empty_like(x, device=target.device)
        place.wait(stream, done)
        self.sending.append(x)
        if self.way == "host":
            self._through_host(message, stream, x, y)
        else:
            with place.on(stream):
                y.copy_(x, non_blocking=True)
            self.arrived[message] = place.record(stream), y

    def _through_host(self, message: Message, stream: Any, x: torch.Tensor, y: torch.Tensor) -> None:
        """The host waits for the first half, as programs do that know no better."""
        place, target = self.places[message.sender], self.places[message.receiver]
        slot = message.sender, message.microbatch % 2
        buffer = self.buffers[slot[0]][slot[1]]
        if slot in self.emptied:
            place.wait(stream, self.emptied[slot])
        with place.on(stream):
            buffer.copy_(x, non_blocking=True)
        place.synchronize(stream)
        with target.on(target.receives):
            y.copy_(buffer, non_blocking=True)
        self.emptied[slot] = target.record(target.receives)
        self.arrived[message] = self.emptied[slot], y

    def finish(self) -> None:
        self.arrived.clear()
        self.sending.clear()
        self.emptied.clear()


class SendReceive:
    """
    Each link (a kind of message from one rank to another) has a group, and so a queue, of its own: in one queue for both
    directions two ranks that send first would wait for each other for ever. Room for what comes is made before anything
    spins, since making it may wait for the whole device.
    """

    def __init__(self, place: Place, rank: int, shape: tuple[int, int], groups: dict[tuple[str, int, int], Any]) -> None:
        self.place, self.rank, self.shape, self.groups = place, rank, shape, groups
        self.rooms: list[torch.Tensor] = []
        self.slots: dict[Message, int] = {}
        self.posted: dict[Message, list[Any]] = {}
        self.sending: list[tuple[list[Any], torch.Tensor]] = []

    def begin(self, plan: Plan) -> None:
        self.slots = {message: slot for slot, message in enumerate(plan.inbox(self.rank))}
        while len(self.rooms) < len(self.slots):
            self.rooms.append(torch.empty(self.shape, device=self.place.device, dtype=self.place.dtype))

    def ready(self, message: Message) -> bool:
        return True

    def receive(self, message: Message) -> torch.Tensor:
        if message not in self.posted:
            self._post(message)
        with self.place.on(self.place.compute):
            for work in self.posted[message]:
                work.wait()  # NCCL makes the stream wait, gloo the host
        return self.rooms[self.slots[message]]

    def expect(self, message: Message, begun: Any) -> None:
        """The next operation's message is received beside this operation, and from its begin on, so that it spins no longer."""
        self.place.wait(self.place.receives, begun)
        self._post(message)

    def _post(self, message: Message) -> None:
        with self.place.on(self.place.receives):
            self.posted[message] = self._transfer(dist.irecv, self.rooms[self.slots[message]], message.sender, message)

    def send(self, message: Message, x: torch.Tensor, done: Any) -> None:
        self.place.wait(self.place.sends, done)
        with self.place.on(self.place.sends):
            self.sending.append((self._transfer(dist.isend, x, message.receiver, message), x))

    def _transfer(self, way: Any, tensor: torch.Tensor, peer: int, message: Message) -> list[Any]:
        return dist.batch_isend_irecv([dist.P2POp(way, tensor, peer, self.groups[message.link])])

    def finish(self) -> None:
        for works, _ in self.sending:
            for work in works:
                work.wait()
        self.sending.clear()
        self.posted.clear()


def make_groups(links: Iterable[tuple[str, int, int]], place: Place) -> dict[tuple[str, int, int], Any]:
    """All ranks call this with the same links. A first message over each connects it, in one order on all ranks."""
    groups = {link: dist.new_group(sorted(link[1:])) for link in sorted(set(links))}
    for link, group in groups.items():
        _, sender, receiver = link
        if dist.get_rank() in (sender, receiver):
            way, peer = (dist.isend, receiver) if dist.get_rank() == sender else (dist.irecv, sender)
            for work in dist.batch_isend_irecv([dist.P2POp(way, torch.zeros(1, device=place.device), peer, group)]):
                work.wait()
            place.synchronize()
    return groups


class Symmetric:
    """
    Each message of an iteration has a place in the receiver's memory, and a signal: nobody waits for a place to be free.
    The barrier between iterations is the caller's.
    """

    def __init__(self, place: Gpu, rank: int, shape: tuple[int, int], plans: list[Plan]) -> None:
        import torch.distributed._symmetric_memory as symmetric

        self.place, self.rank, ranks = place, rank, plans[0].ranks
        slots = max(len(plan.inbox(to)) for plan in plans for to in range(ranks))
        if 4 * ranks * slots > symmetric.get_signal_pad_size():
            symmetric.set_signal_pad_size(4 * ranks * slots)
        self.memory = symmetric.empty(slots, *shape, dtype=place.dtype, device=place.device)
        self.handle = symmetric.rendezvous(self.memory, dist.group.WORLD)
        self.places = [self.handle.get_buffer(to, (slots, *shape), place.dtype) for to in range(ranks)]
        self.slots: dict[Message, int] = {}
        self.sending: list[torch.Tensor] = []

    def begin(self, plan: Plan) -> None:
        self.slots = {message: slot for to in range(plan.ranks) for slot, message in enumerate(plan.inbox(to))}

    def ready(self, message: Message) -> bool:
        return True

    def receive(self, message: Message) -> torch.Tensor:
        with self.place.on(self.place.compute):
            self.handle.wait_signal(message.sender, channel=self.slots[message], timeout_ms=SIGNAL_MS)
        return self.places[self.rank][self.slots[message]]

    def send(self, message: Message, x: torch.Tensor, done: Any) -> None:
        slot = self.slots[message]
        self.place.wait(self.place.sends, done)
        with self.place.on(self.place.sends):
            self.places[message.receiver][slot].copy_(x, non_blocking=True)
            self.handle.put_signal(message.receiver, channel=slot, timeout_ms=SIGNAL_MS)
        self.sending.append(x)

    def finish(self) -> None:
        self.sending.clear()
