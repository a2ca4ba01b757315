"""Requests, and the threads on which they arrive: open loop, so a slow server does not slow them down."""

import collections
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Request:
    """A prompt of so many tokens that wants so many in answer. Stamps are epoch nanoseconds."""

    id: int
    prompt: int
    output: int
    arrival: int = field(default_factory=time.time_ns)
    scheduled: int | None = None
    first: int | None = None
    finish: int | None = None
    last: int = 0
    tokens: int = 0
    inter_token_us: list[int] = field(default_factory=list)

    def token(self, now: int) -> bool:
        """Counts one token; true when it was the last."""
        if self.tokens:
            self.inter_token_us.append((now - self.last) // 1000)
        else:
            self.first = now
        self.last = now
        self.tokens += 1
        if self.tokens >= self.output:
            self.finish = now
        return self.finish is not None

    def record(self, terse: bool = False) -> dict[str, Any]:
        """A line of requests.jsonl, in the native format of docs/formats.md."""
        fields = {
            "id": self.id,
            "arrival_ns": self.arrival,
            "scheduled_ns": self.scheduled,
            "first_token_ns": self.first,
            "finish_ns": self.finish,
            "prompt_tokens": self.prompt,
            "output_tokens": self.tokens,
            "itl_us": self.inter_token_us,
            "status": "ok" if self.finish else "unfinished",
        }
        if terse:
            del fields["scheduled_ns"], fields["itl_us"]
        return fields


class Traffic:
    """Poisson arrivals, and bursts on top of them. The engine takes requests from `waiting`."""

    def __init__(self, rate: float, prompts: tuple[int, ...], outputs: tuple[int, int], seed: int) -> None:
        self.rate, self.prompts, self.outputs, self.seed = rate, prompts, outputs, seed
        self.waiting: collections.deque[Request] = collections.deque()
        self.arrived, self.stopped = threading.Event(), threading.Event()
        self._count, self._lock, self._random = 0, threading.Lock(), random.Random(seed)

    def start(self) -> None:
        threading.Thread(target=self._poisson, daemon=True).start()

    def burst(self, count: int, rate: float) -> Callable[[], dict[str, int]]:
        """Adds requests at this rate; returns a function that waits until the last of them has a slot."""
        members: list[Request] = []
        arrivals = threading.Thread(target=self._burst, args=(count, rate, members), daemon=True)
        arrivals.start()

        def admitted() -> dict[str, int]:
            arrivals.join()
            while not all(request.scheduled for request in members) and not self.stopped.is_set():
                time.sleep(0.002)
            last = max((request.scheduled or time.time_ns() for request in members), default=time.time_ns())
            start, end = (members[0].arrival, members[-1].arrival) if members else (last, last)
            return {"start_ns": start, "end_ns": end, "effect_end_ns": last}

        return admitted

    def _poisson(self) -> None:
        gaps, due = random.Random(self.seed + 1), time.time()
        while not self.stopped.is_set():
            due += gaps.expovariate(self.rate)
            time.sleep(max(0, due - time.time()))
            self._arrive()

    def _burst(self, count: int, rate: float, members: list[Request]) -> None:
        begin = time.time()
        for index in range(count):
            time.sleep(max(0, begin + index / rate - time.time()))
            if self.stopped.is_set():
                return
            members.append(self._arrive())

    def _arrive(self) -> Request:
        with self._lock:
            request = Request(self._count, self._random.choice(self.prompts), self._random.randint(*self.outputs))
            self._count += 1
            self.waiting.append(request)
        self.arrived.set()
        return request
