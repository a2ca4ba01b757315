"""Which faults are planted when, and the record of it: the labels of a capture."""

import argparse
import itertools
import math
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from host_faults import Bench, Fault

MARGIN = 1.0  # seconds at either end of the window without a planted fault


def fault_names(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Reads `--fault a,b`; for argparse."""

    def read(text: str) -> list[str]:
        names = [name.strip().replace("_", "-") for name in text.split(",") if name.strip()]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
        return names

    return read


def add_fault_options(parser: argparse.ArgumentParser, known: Iterable[str], seconds: float, scratch_mib: int) -> None:
    parser.add_argument("--fault", type=fault_names(known), action="extend", default=[], metavar="NAME[,NAME...]",
                        help="what to plant, in turn; may be repeated: " + ", ".join(known))
    parser.add_argument("--seconds", type=float, default=seconds,
                        help="length of the window (default: %(default)s); 0: until SIGTERM or SIGINT")
    parser.add_argument("--every", type=float, default=3, metavar="SECONDS",
                        help="a fault this often, over and over (default: %(default)s); 0: each once, spread over the window")
    parser.add_argument("--scale", type=float, default=1.0, help="length of the faults, as a factor")
    parser.add_argument("--scratch", default=tempfile.gettempdir(), metavar="FOLDER", help="for the file faults: on a real disk")
    parser.add_argument("--scratch-mib", type=int, default=scratch_mib, metavar="MIB",
                        help="size of the file they read (default: %(default)s); a fault that has read all of it ends early")
    parser.add_argument("--seed", type=int, default=1)


def check_fault_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if min(options.every, options.seconds) < 0:
        parser.error("--every and --seconds must not be negative")
    if options.every == 0 and options.seconds == 0:
        parser.error("--every 0 spreads the faults over the window: give it a length (--seconds)")
    if options.fault and 0 < options.seconds <= 2 * MARGIN:
        parser.error(f"a window of {options.seconds} s has no room for faults, which keep {MARGIN} s away from either end")


def due_times(options: argparse.Namespace, begin: float) -> Iterator[tuple[float, str]]:
    """Each stretch of the window has its fault, at a random moment of the stretch's first half."""
    names, chance = options.fault, random.Random(options.seed + 2)
    length = options.seconds - 2 * MARGIN if options.seconds else math.inf
    stretch = min(options.every, length) or length / max(len(names), 1)
    for index, name in enumerate(itertools.cycle(names) if options.every else names):
        if (index + 1) * stretch > length * (1 + 1e-9):  # the last one must not fall to rounding
            return
        yield begin + MARGIN + stretch * (index + chance.random() / 2), name


class Planter:
    """Plants faults on the thread that calls it, one at a time, and notes in `truth` what it did."""

    def __init__(self, faults: dict[str, Fault], bench: Bench) -> None:
        self.faults, self.bench = faults, bench
        self.truth: list[dict[str, Any]] = []
        self.changed: Callable[[], None] = lambda: None  # called, on a thread of its own, when a fault is over
        self._due: Iterator[tuple[float, str]] = iter(())
        self._next: tuple[float, str] | None = None
        self._settling: threading.Thread | None = None

    def prepare(self, names: list[str]) -> None:
        for prepare in dict.fromkeys(self.faults[name].prepare for name in names):
            prepare(self.bench)

    def begin(self, due: Iterator[tuple[float, str]]) -> None:
        self._due, self._next = due, next(due, None)

    def step(self) -> None:
        """Plants the next fault if it is due and the last one is over."""
        if self._next is None or time.time() < self._next[0] or (self._settling and self._settling.is_alive()):
            return
        name = self._next[1]
        self._next = next(self._due, None)
        self._plant(name)

    def close(self, patience: float = 5) -> None:
        """Waits for the last fault's effect, for a while: its end belongs into the truth."""
        self._next = None
        if self._settling:
            self._settling.join(patience)

    def _plant(self, name: str) -> None:
        fault = self.faults[name]
        start = time.time_ns()
        finished = fault.run(self.bench)
        entry = {"cause": name, "design_cause": fault.cause, "start_ns": start, "end_ns": time.time_ns()}
        self.truth.append(entry)
        settle = (entry, finished, self.bench.mark_device())
        self._settling = threading.Thread(target=self._settle, args=settle, daemon=True)
        self._settling.start()

    def _settle(self, entry: dict[str, Any], finished: Callable[[], Any] | None, device_done: Callable[[], None]) -> None:
        measured = finished() if finished else None
        device_done()
        entry.update({"effect_end_ns": time.time_ns(), **(measured or {})})
        self.bench.tidy()
        self.changed()
