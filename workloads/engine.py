"""The serving loop that serve.py (on a GPU) and cpu.py (without one) share, with its options and its results."""

import argparse
import math
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager

from case import RequestLog, Stop, add_out_option, write_json
from host_faults import Fault
from planter import Planter, add_fault_options, check_fault_options, due_times
from traffic import Request, Traffic

ADMISSIONS_A_STEP = 2


class Runner:
    """What computes tokens. `prefill` and `decode` return when their tokens are on the host."""

    def range(self, text: str) -> AbstractContextManager[None]:
        """An NVTX range."""
        raise NotImplementedError

    def prefill(self, slot: int, tokens: int) -> int:
        raise NotImplementedError

    def decode(self, live: list[int]) -> Sequence[int]:
        """The next token of each slot, up to the last live one at least."""
        raise NotImplementedError

    def start(self, slot: int, token: int, position: int) -> None:
        """The slot's first token, and where the next one goes."""

    def advance(self, slot: int, token: int) -> None:
        """The slot's next token."""

    def release(self, slot: int) -> None:
        """The slot is free."""

    def open_window(self) -> None:
        """The window begins."""

    def close_window(self) -> None:
        """The window is over."""


def numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def span(text: str) -> tuple[int, int]:
    low, high = map(int, text.split(":"))
    return low, high


def burst(text: str) -> tuple[int, float]:
    count, rate = text.split(":")
    return int(count), float(rate)


def serving_parser(description: str | None, faults: dict[str, Fault], out: str, scratch_mib: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_out_option(parser, out)
    add_fault_options(parser, faults, seconds=20, scratch_mib=scratch_mib)
    parser.add_argument("--warm", type=float, default=3, help="seconds served before the window (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=20, help="arrivals a second, Poisson (default: %(default)s)")
    parser.add_argument("--slots", type=int, default=16, help="requests decoded together, at most (default: %(default)s)")
    parser.add_argument("--prompt-tokens", type=numbers, default=(128, 192, 256, 384, 512), metavar="N,N,...")
    parser.add_argument("--output-tokens", type=span, default=(24, 72), metavar="MIN:MAX")
    parser.add_argument("--burst", type=burst, default=(48, 200), metavar="N:RATE",
                        help="the fault `burst` adds N requests at RATE a second (default: 48:200)")
    parser.add_argument("--terse", action="store_true", help="leave inter-token times and scheduling out of requests.jsonl")
    return parser


def check_serving_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    check_fault_options(parser, options)
    if min(*options.prompt_tokens, *options.output_tokens, options.slots, options.burst[0]) < 1 or options.rate <= 0:
        parser.error("tokens, slots, rate and burst must be positive")


class Engine:
    """Admit, prefill, decode. All that serves requests, and every fault, runs on the one thread that calls `run`."""

    def __init__(self, options: argparse.Namespace, runner: Runner, traffic: Traffic, planter: Planter) -> None:
        self.options, self.runner, self.traffic, self.planter = options, runner, traffic, planter
        self.log = RequestLog(options.out)
        self.slots: list[Request | None] = [None] * options.slots
        self.window: list[int | None] | None = None
        self.latencies: list[tuple[float, float]] = []  # first token and end of what arrived in the window, ms

    def run(self, stop: Stop) -> None:
        opens, closes = time.time() + self.options.warm, math.inf
        while not stop.asked and time.time() <= closes:
            if self.window is None and time.time() > opens:
                closes = self._open_window()
            # A fault that nobody waits behind would delay no one: plant it once a request is in flight.
            if self._live():
                self.planter.step()
            self._admit()
            self._decode()
        if self.window:
            self.window[1] = time.time_ns()
            self.runner.close_window()

    def finish(self) -> None:
        """Logs what is still under way."""
        for request in (*self.slots, *tuple(self.traffic.waiting)):
            if request:
                self.log.add(request.record(self.options.terse))
        self.log.close()

    def _open_window(self) -> float:
        """Returns when it closes."""
        self.runner.open_window()
        begin = time.time()
        self.window = [time.time_ns(), None]
        self.planter.begin(due_times(self.options, begin))
        return begin + (self.options.seconds or math.inf)

    def _live(self) -> list[int]:
        return [slot for slot, request in enumerate(self.slots) if request]

    def _admit(self) -> None:
        with self.runner.range("schedule"):
            for _ in range(ADMISSIONS_A_STEP):
                if not self.traffic.waiting or None not in self.slots:
                    break
                request, slot = self.traffic.waiting.popleft(), self.slots.index(None)
                self.slots[slot] = request
                request.scheduled = time.time_ns()
                with self.runner.range(f"prefill req={request.id} tokens={request.prompt}"):
                    token = self.runner.prefill(slot, request.prompt)
                self.runner.start(slot, token, request.prompt)
                self._count(slot, request, time.time_ns())

    def _decode(self) -> None:
        live = self._live()
        if not live:
            self.traffic.arrived.wait(0.02)
            self.traffic.arrived.clear()
            return
        with self.runner.range(f"decode batch={len(live)}"):
            produced = self.runner.decode(live)
        now = time.time_ns()
        for slot in live:
            request = self.slots[slot]
            assert request
            self.runner.advance(slot, produced[slot])
            self._count(slot, request, now)

    def _count(self, slot: int, request: Request, now: int) -> None:
        """Counts a token of the request in this slot; after the last one the slot is free."""
        if not request.token(now):
            return
        self.slots[slot] = None
        self.runner.release(slot)
        self.log.add(request.record(self.options.terse))
        if self.window and self.window[0] and request.arrival >= self.window[0] and request.first:
            self.latencies.append(((request.first - request.arrival) / 1e6, (now - request.arrival) / 1e6))


def serve(engine: Engine, stop: Stop, shown: tuple[str, ...]) -> None:
    """Serves until the window closes or a signal comes, and writes what happened; truth.json repeats the options in `shown`."""
    options, planter = engine.options, engine.planter
    print("READY", flush=True)
    engine.traffic.start()

    def save() -> None:
        truth = {
            "window_ns": engine.window,
            "faults": sorted(planter.truth, key=lambda fault: fault["start_ns"]),
            "scenario": ",".join(options.fault) or "clean",
            **{name: getattr(options, name) for name in shown},
        }
        write_json(options.out / "truth.json", truth)

    planter.changed = save  # so that even a server that is killed leaves its truth
    try:
        engine.run(stop)
    finally:
        engine.traffic.stopped.set()  # or a burst would wait for slots that nobody gives out any more
        planter.close()
        engine.finish()
        save()
    summarize(engine)


def summarize(engine: Engine) -> None:
    """A line for the person watching, and one for each fault."""
    first, end = [sorted(column) for column in zip(*engine.latencies)] or ([], [])
    shown = [f"{len(end)} requests in the window"]
    for name, values in (("first token", first), ("end to end", end)):
        if values:
            p50, p99 = (values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.99))
            shown.append(f"{name} p50 {p50:.0f} p99 {p99:.0f} ms")
    print(", ".join(shown))
    for fault in engine.planter.truth:
        lasted = (fault["end_ns"] - fault["start_ns"]) / 1e6
        effect = (fault.get("effect_end_ns", fault["end_ns"]) - fault["start_ns"]) / 1e6
        print(f"  {fault['cause']} ({fault['design_cause']}) {lasted:.0f} ms, with its effect {effect:.0f} ms", flush=True)
