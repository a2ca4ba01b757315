"""An open-loop inference server on random weights that plants faults in itself at recorded times.

    nsys profile -t cuda,nvtx,osrt --sample=none --cpuctxsw=none --capture-range=cudaProfilerApi --capture-range-end=stop \\
        -o run/trace python3 serve.py --out run --faults disk_read,lock_wait --profiler-api

Requests arrive at random, wait for a slot, are prefilled one by one and decoded together (continuous batching).
Writes into --out, all times in epoch nanoseconds:
    requests.jsonl  one request a line: arrival, scheduling, first token, finish, inter-token times in microseconds
    truth.json      the window, the options, and each planted fault: its cause, when the host's part began and ended
                    (start_ns, end_ns) and when the device had finished what it left behind (effect_end_ns)
README.md lists the faults.
"""

import argparse
import collections
import json
import os
import random
import tempfile
import threading
import time

import torch
import torch.cuda.nvtx as nvtx

from faults import FAULTS, Bench
from model import CONTEXT, Model

ADMISSIONS_A_STEP = 2
MARGIN = 1.0  # seconds at either end of the window without a planted fault


def span(text):
    low, high = map(int, text.split(":"))
    return low, high


def numbers(text):
    return tuple(map(int, text.split(",")))


def burst(text):
    at, count, rate = text.split(":")
    return float(at), int(count), float(rate)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for requests.jsonl and truth.json")
    parser.add_argument("--faults", default="", help="names, separated by commas, planted in this order: " + ", ".join(FAULTS))
    parser.add_argument("--burst", type=burst, action="append", default=[], metavar="AT:N:RATE",
                        help="N extra requests at RATE a second, AT seconds into the window; may be repeated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=20, help="arrivals a second (Poisson)")
    parser.add_argument("--warm", type=float, default=3, help="seconds served before the window")
    parser.add_argument("--seconds", type=float, default=12, help="length of the window")
    parser.add_argument("--scale", type=float, default=1.0, help="length of the faults, as a factor")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dim", type=int, default=12288)
    parser.add_argument("--slots", type=int, default=16, help="requests decoded together, at most")
    parser.add_argument("--prompt-tokens", type=numbers, default=(128, 192, 256, 384, 512), metavar="N,N,...", help="at most 1024")
    parser.add_argument("--output-tokens", type=span, default=(24, 72), metavar="MIN:MAX")
    parser.add_argument("--profiler-api", action="store_true", help="mark the window with cudaProfilerStart and -Stop")
    parser.add_argument("--terse", action="store_true", help="leave inter-token times and scheduling out of requests.jsonl")
    parser.add_argument("--scratch", default=tempfile.gettempdir(), help="folder on a real disk for the file faults")
    parser.add_argument("--scratch-mib", type=int, default=4096,
                        help="size of the file they read; a fault reads about 400 MiB of it, and none twice")
    parser.add_argument("--neighbour", default="", metavar="SOCKET", help="a running neighbour.py; started here if not given")
    options = parser.parse_args()
    options.faults = [name for name in options.faults.split(",") if name]
    unknown = [name for name in options.faults if name not in FAULTS]
    if unknown:
        parser.error(f"unknown faults: {', '.join(unknown)}")
    return options


class Request:
    def __init__(self, number, prompt, output):
        self.id, self.prompt, self.output = number, prompt, output
        self.arrival = time.time_ns()
        self.scheduled = self.first = self.finish = self.last = None
        self.tokens = 0
        self.inter_token_us = []

    def token(self, now):
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

    def record(self, terse):
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
    """Arrivals, on threads of their own: open loop, so a slow server does not slow them down."""

    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        self.requests, self.waiting = [], collections.deque()
        self.arrived, self.stopped = threading.Event(), threading.Event()
        self.lock = threading.Lock()

    def start(self):
        threading.Thread(target=self._poisson, daemon=True).start()

    def _arrive(self):
        with self.lock:
            request = Request(len(self.requests), self.random.choice(self.options.prompt_tokens), self.random.randint(*self.options.output_tokens))
            self.requests.append(request)
            self.waiting.append(request)
        self.arrived.set()
        return request

    def _poisson(self):
        gaps, due = random.Random(self.options.seed + 1), time.time()
        while not self.stopped.is_set():
            due += gaps.expovariate(self.options.rate)
            time.sleep(max(0, due - time.time()))
            self._arrive()

    def plan_bursts(self, begin, truth):
        for at, count, rate in self.options.burst:
            threading.Thread(target=self._burst, args=(begin + at, count, rate, truth), daemon=True).start()

    def _burst(self, due, count, rate, truth):
        time.sleep(max(0, due - time.time()))
        members = []
        for index in range(count):
            time.sleep(max(0, due + index / rate - time.time()))
            members.append(self._arrive())
        fault = {"cause": "burst", "design_cause": "queueing", "start_ns": members[0].arrival, "end_ns": members[-1].arrival}
        truth.append(fault)
        while not all(request.scheduled for request in members):  # until the last one has a slot
            time.sleep(0.002)
        fault["effect_end_ns"] = max(request.scheduled for request in members)


class Engine:
    """The scheduler's loop: admit, prefill, decode. Everything it launches comes from this one thread."""

    def __init__(self, options, model, traffic, bench):
        self.options, self.model, self.traffic, self.bench = options, model, traffic, bench
        self.slots = [None] * options.slots
        self.pinned = torch.zeros(2, options.slots, dtype=torch.long).pin_memory()  # tokens, positions
        self.truth, self.due, self.window = [], [], None

    def run(self):
        opens = time.time() + self.options.warm
        while True:
            now = time.time()
            if self.window is None and now > opens:
                self._open_window()
            if self.window and now > self.closes:
                return self._close_window()
            live = [slot for slot, request in enumerate(self.slots) if request]
            # A fault that nobody waits behind would delay no one: plant it once a request is in flight.
            if live and self.due and now >= self.due[0][0]:
                self._plant(self.due.pop(0)[1])
            self._admit()
            self._decode()

    def _open_window(self):
        torch.cuda.synchronize()
        if self.options.profiler_api:
            torch.cuda.cudart().cudaProfilerStart()
        begin, names, chance = time.time(), self.options.faults, random.Random(self.options.seed + 2)
        self.window = [time.time_ns(), None]
        self.closes = begin + self.options.seconds
        gap = (self.options.seconds - 2 * MARGIN) / max(len(names), 1)
        self.due = [(begin + MARGIN + gap * (index + chance.random() / 2), name) for index, name in enumerate(names)]
        self.traffic.plan_bursts(begin, self.truth)

    def _close_window(self):
        self.window[1] = time.time_ns()
        if self.options.profiler_api:
            torch.cuda.synchronize()
            torch.cuda.cudart().cudaProfilerStop()
        self.traffic.stopped.set()

    def _plant(self, name):
        start = time.time_ns()
        finished = FAULTS[name].run(self.bench)
        fault = {"cause": name, "design_cause": FAULTS[name].cause, "start_ns": start, "end_ns": time.time_ns()}
        self.truth.append(fault)
        events = [torch.cuda.Event(), torch.cuda.Event()]
        events[0].record()
        events[1].record(self.bench.side)
        threading.Thread(target=self._settle, args=(fault, events, finished), daemon=True).start()

    @staticmethod
    def _settle(fault, events, finished):
        measured = finished() if finished else None
        if measured:
            fault["start_ns"], fault["end_ns"] = measured
        while not all(event.query() for event in events):
            time.sleep(0.002)
        fault["effect_end_ns"] = measured[1] if measured else time.time_ns()

    def _admit(self):
        with nvtx.range("schedule"):
            for _ in range(ADMISSIONS_A_STEP):
                if not self.traffic.waiting or None not in self.slots:
                    break
                request, slot = self.traffic.waiting.popleft(), self.slots.index(None)
                self.slots[slot] = request
                request.scheduled = time.time_ns()
                with nvtx.range(f"prefill req={request.id} tokens={request.prompt}"):
                    token = int(self.model.prefill(slot, request.prompt))
                self.pinned[0, slot], self.pinned[1, slot] = token, request.prompt
                request.token(time.time_ns())

    def _decode(self):
        live = [slot for slot, request in enumerate(self.slots) if request]
        if not live:
            self.traffic.arrived.wait(0.02)
            self.traffic.arrived.clear()
            return
        count = max(live) + 1
        with nvtx.range(f"decode batch={len(live)}"):
            longest = int(self.pinned[1, :count].max()) + 1
            tokens, positions = self.pinned.to("cuda", non_blocking=True)[:, :count]
            produced = self.model.decode(tokens, positions, min(CONTEXT, -(-longest // 128) * 128)).tolist()
        now = time.time_ns()
        for slot in live:
            self.pinned[0, slot] = produced[slot]
            self.pinned[1, slot] += 1
            if self.slots[slot].token(now):
                self.slots[slot] = None
                self.pinned[:, slot] = 0


def write_results(options, traffic, engine):
    with open(os.path.join(options.out, "requests.jsonl"), "w") as out:
        for request in traffic.requests:
            out.write(json.dumps(request.record(options.terse)) + "\n")
    shown = ("seed", "rate", "scale", "layers", "dim", "slots", "warm", "seconds")
    truth = {
        "window_ns": engine.window,
        "faults": sorted(engine.truth, key=lambda fault: fault["start_ns"]),
        "scenario": ",".join([*options.faults, *["burst"] * len(options.burst)]) or "clean",
        **{name: getattr(options, name) for name in shown},
    }
    with open(os.path.join(options.out, "truth.json"), "w") as out:
        json.dump(truth, out, indent=1)


def report(traffic, engine):
    """One line for the person watching."""
    done = [r for r in traffic.requests if r.finish and engine.window[0] <= r.arrival <= engine.window[1]]
    if not done:
        return print("no request finished inside the window")
    latency = sorted((r.finish - r.arrival) / 1e6 for r in done)
    first = sorted((r.first - r.arrival) / 1e6 for r in done)
    at = lambda values, share: values[min(len(values) - 1, int(len(values) * share))]
    print(f"{len(done)} requests, end to end p50 {at(latency, .5):.0f} p99 {at(latency, .99):.0f} ms, "
          f"first token p50 {at(first, .5):.0f} p99 {at(first, .99):.0f} ms")
    for fault in engine.truth:
        lasted, effect = (fault["end_ns"] - fault["start_ns"]) / 1e6, (fault.get("effect_end_ns", 0) - fault["start_ns"]) / 1e6
        print(f"  {fault['cause']} ({fault['design_cause']}) {lasted:.0f} ms, with its effect {effect:.0f} ms", flush=True)


def main():
    options = parse_options()
    os.makedirs(options.out, exist_ok=True)
    torch.manual_seed(options.seed)
    model = Model(options.layers, options.dim, options.slots)
    bench = Bench(model, options.scale, options.scratch, options.scratch_mib, options.neighbour)
    for prepare in dict.fromkeys(FAULTS[name].prepare for name in options.faults):
        prepare(bench)
    model.warm_up(options.prompt_tokens)
    traffic = Traffic(options)
    engine = Engine(options, model, traffic, bench)
    print("READY", flush=True)
    traffic.start()
    engine.run()
    write_results(options, traffic, engine)
    report(traffic, engine)


if __name__ == "__main__":
    main()
