"""Faults by the clock, in whichever process or thread they are due, and the window of the trace.

The client writes $PLAN once: `{"window_ns": [start, end], "faults": [{"cause", "who", "t_ns", "scale", "label", "rank"}]}`.
Each place calls `due()` once a step and plants what is its own; what was done is appended to $PLAN.truth.WHO.
Names and lengths are those of the captures of other people's engines, so that one scorer reads all of them.
"""

import gc
import json
import os
import threading
import time

import torch

PLAN = os.environ.get("PLAN", "/tmp/plan.json")
FILE = os.environ.get("ADAPTER", "/tmp/adapter.bin")  # on a real disk: disk_read reads it
DEVICE = os.environ.get("ENGINE_DEVICE", "cuda")


class Planter:
    """`profile` for one place in each process that uses the GPU: a process that does not stop the profiler itself loses its last buffers."""

    def __init__(self, who: str, profile: bool = False) -> None:
        self.who, self.profile = who, profile
        self.todo: list[dict] | None = None
        self.end = 0
        if profile:
            self.large = torch.ones(1 << 28, device=DEVICE, dtype=torch.uint8)

    def due(self) -> None:
        if self.todo is None:
            if not os.path.exists(PLAN):
                return
            with open(PLAN) as file:
                plan = json.load(file)
            self.end = plan["window_ns"][1]
            self.todo = sorted((f for f in plan["faults"] if f["who"] == self.who), key=lambda f: f["t_ns"])
            if self.profile:
                torch.cuda.cudart().cudaProfilerStart()
        if self.profile and time.time_ns() > self.end:
            self.profile = False
            torch.cuda.cudart().cudaProfilerStop()  # takes 8 to 18 s; whoever is in flight waits for it
        while self.todo and time.time_ns() >= self.todo[0]["t_ns"]:
            fault = self.todo.pop(0)
            start = time.time_ns()
            getattr(self, fault["cause"])(fault["scale"])
            note(self.who, fault["label"], fault["rank"], start)

    def cpu_stall(self, scale: float) -> None:
        end, x = time.perf_counter() + 0.13 * scale, 0
        while time.perf_counter() < end:
            x = (x * 31 + 7) % 1000003

    def gc_pause(self, scale: float) -> None:
        junk = [{"a": [n]} for n in range(int(60_000 * scale))]
        for item in junk:
            item["self"] = item
        del junk, item
        gc.collect()

    def lock_wait(self, scale: float) -> None:
        lock = threading.Lock()
        lock.acquire()
        threading.Timer(0.15 * scale, lock.release).start()
        lock.acquire()

    def sync_copy(self, scale: float) -> None:
        self.large[: int((1 << 28) * scale)].cpu()

    def alloc_storm(self, scale: float) -> None:
        for _ in range(int(60 * scale)):
            block = torch.empty(1 << 30, device=DEVICE, dtype=torch.uint8)
            del block
            torch.cuda.empty_cache()

    def disk_read(self, scale: float) -> None:
        file, size, at = os.open(FILE, os.O_RDONLY), int((260 << 20) * scale), 0
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        buffer = memoryview(bytearray(8 << 20))
        while at < size and (got := os.preadv(file, [buffer], at)) > 0:
            at += got
        os.close(file)


def note(who: str, cause: str, rank: int, start: int, end: int | None = None) -> None:
    entry = {"cause": cause, "rank": rank, "start_ns": start, "end_ns": end or time.time_ns(), "process": who}
    with open(f"{PLAN}.truth.{who}", "a") as file:
        file.write(json.dumps(entry) + "\n")


def make_file() -> None:
    if not os.path.exists(FILE):
        block = os.urandom(1 << 24)
        with open(FILE, "wb") as file:
            for _ in range(24):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
