"""Faults that need no GPU, and the bench they work at.

A fault is `prepare(bench)`, run once before the workload is warm, and `run(bench)`, run on the workload's thread between
two steps. `run` may return a function that waits, on another thread, until work it left behind is done; that function
may return what it measured of it (start_ns, end_ns, effect_end_ns), which then replaces what was stamped around `run`.
"""

import argparse
import mmap
import os
import select
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traffic import Traffic

MIB = 1 << 20
Waiter = Callable[[], dict[str, int] | None]


@dataclass(frozen=True)
class Fault:
    cause: str  # an id of the project's list of causes
    run: Callable[[Any], Waiter | None]
    prepare: Callable[[Any], None] = lambda bench: None


class Scratch:
    """A big file of random bytes whose pages are on the disk and not in memory."""

    def __init__(self, folder: str, size: int) -> None:
        self.folder, self.size = folder, size
        self.path = Path(folder, "forensics-scratch.bin")
        self._position, self._unread = 0, 0

    def make(self) -> None:
        if not self.path.exists() or self.path.stat().st_size != self.size:
            block = os.urandom(MIB)
            with open(self.path, "wb") as out:
                for _ in range(self.size // MIB):
                    out.write(block)
        with open(self.path, "rb") as file:
            os.fsync(file.fileno())  # a page that is not yet on the disk cannot be dropped
        self.forget()

    def forget(self) -> None:
        """Drops from memory what was read of the file, so that it must come from the disk again."""
        with open(self.path, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self._unread = self.size

    def take(self, length: int) -> int | None:
        """The offset of a stretch that is on the disk only; none when everything has been read since `forget`."""
        if length > self._unread:
            return None
        if self._position + length > self.size:
            self._position = 0
        offset = self._position
        self._position, self._unread = offset + length, self._unread - length
        return offset


class Bench:
    """What the faults share."""

    def __init__(self, options: argparse.Namespace, traffic: Traffic | None = None) -> None:
        self.options, self.traffic = options, traffic
        self.scale: float = options.scale
        self.scratch = Scratch(options.scratch, options.scratch_mib * MIB)
        self.file_read = False

    def milliseconds(self, length: float) -> Iterator[None]:
        """Yields until this many milliseconds (times the scale) have passed."""
        end = time.perf_counter() + length * self.scale / 1e3
        while time.perf_counter() < end:
            yield

    def mark_device(self) -> Callable[[], None]:
        """Marks what the device was given until now; returns a function that waits for it. Here there is no device."""
        return lambda: None

    def tidy(self) -> None:
        """Run when a fault is over, off the workload's thread."""
        if self.file_read:
            self.file_read = False
            self.scratch.forget()


def make_scratch(bench: Bench) -> None:
    bench.scratch.make()


def cpu_stall(bench: Bench) -> None:
    """The workload's thread computes."""
    x = 0
    for _ in bench.milliseconds(140):
        x = (x * 31 + 7) % 1000003


def lock_wait(bench: Bench) -> None:
    """Another thread holds a lock that the workload wants, and sleeps."""
    lock, held = threading.Lock(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            time.sleep(0.18 * bench.scale)

    threading.Thread(target=hold, daemon=True).start()
    held.wait()
    with lock:
        pass


def sleep(bench: Bench) -> None:
    time.sleep(0.15 * bench.scale)


def poll_wait(bench: Bench) -> None:
    """Waits for a peer that does not answer."""
    reader, writer = os.pipe()
    select.select([reader], [], [], 0.16 * bench.scale)
    os.close(reader)
    os.close(writer)


def disk_read(bench: Bench) -> None:
    """Reads a file that is not in the page cache, each byte once."""
    bench.file_read = True
    buffer = bytearray(4 * MIB)
    with open(bench.scratch.path, "rb", buffering=0) as file:
        for _ in bench.milliseconds(200):
            offset = bench.scratch.take(len(buffer))
            if offset is None:
                return
            file.seek(offset)
            file.readinto(buffer)


def disk_fsync(bench: Bench) -> None:
    """Writes, and waits for the disk after each write."""
    block = os.urandom(MIB)
    with tempfile.TemporaryFile(dir=bench.scratch.folder, buffering=0) as file:
        for _ in bench.milliseconds(200):
            for _ in range(4):
                file.write(block)
            os.fsync(file.fileno())


def page_fault(bench: Bench) -> None:
    """Touches pages of a mapped file that are not in memory: no system call, but a major fault each."""
    bench.file_read = True
    with open(bench.scratch.path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pages:
        pages.madvise(mmap.MADV_RANDOM)  # no read-ahead
        for _ in bench.milliseconds(200):
            offset = bench.scratch.take(16 * mmap.PAGESIZE)
            if offset is None:
                return
            pages[offset]


def burst(bench: Bench) -> Waiter:
    """Many requests at once: with few slots they wait for admission."""
    assert bench.traffic
    return bench.traffic.burst(*bench.options.burst)


HOST_FAULTS = {
    "cpu-stall": Fault("host-compute", cpu_stall),
    "lock-wait": Fault("host-blocked", lock_wait),
    "sleep": Fault("host-blocked", sleep),
    "poll-wait": Fault("host-blocked", poll_wait),
    "disk-read": Fault("storage-io", disk_read, make_scratch),
    "disk-fsync": Fault("storage-io", disk_fsync),
    "page-fault": Fault("paging", page_fault, make_scratch),
    "burst": Fault("queueing", burst),
}
