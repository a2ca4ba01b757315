"""Open-loop requests to an engine of this folder, what came of them, and the truth.

--faults is a list of CAUSE@SECOND[/WHO][*SCALE] in the window; `long` and `burst` come with the arrivals, `neighbour` is
another program on the GPU (../neighbour.py, started before nsys, its socket in $NEIGHBOUR).
"""

import argparse
import glob
import json
import multiprocessing
import os
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from plant import PLAN, make_file, note


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--faults", default="")
    words.add_argument("--rate", type=float, default=10)
    words.add_argument("--seconds", type=float, default=12)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--layers", type=int, default=8)
    words.add_argument("--dim", type=int, default=8192)
    words.add_argument("--slots", type=int, default=16)
    words.add_argument("--long", type=int, default=14000, help="tokens of the long prompt")
    return words


class Client:
    """`send(id, prompt tokens, output tokens)` takes a request to the engine, which answers with `got`."""

    def __init__(self, options: argparse.Namespace, send: Callable, ranks: dict[str, int], engine: str) -> None:
        self.options, self.send, self.ranks, self.engine = options, send, ranks, engine
        self.requests: dict[int, dict] = {}
        self.window = [0, 0]
        self.extra: list[tuple[float, str, float]] = []
        self.random = random.Random(options.seed)
        self.last: dict[int, int] = {}

    def got(self, number: int, tokens: int, scheduled: int | None = None) -> None:
        """So many tokens came at once: those after the first of them came without a wait."""
        now, request = time.time_ns(), self.requests[number]
        if scheduled:
            request["scheduled_ns"] = scheduled
        gaps = [round((now - self.last[number]) / 1e3, 1)] if number in self.last else []
        if not gaps:
            request["first_token_ns"] = now
        request["itl_us"] += gaps + [0.0] * (tokens - 1)
        self.last[number] = now
        if len(request["itl_us"]) + 1 >= request["output_tokens"]:
            request["finish_ns"], request["status"] = now, "ok"

    def drive(self) -> None:
        """Three seconds of normal service, then the window; ends the program."""
        make_file()
        arrivals = threading.Thread(target=self._arrive, daemon=True)
        arrivals.start()
        time.sleep(3)
        self._open()
        arrivals.join()
        end = time.time() + 40  # the profiler's stop is in it
        while time.time() < end and not all(r["finish_ns"] for r in self.requests.values()):
            time.sleep(0.1)
        time.sleep(4)  # for the last buffers of the profiler
        self._save()
        for process in multiprocessing.active_children():
            process.kill()
        os._exit(0)

    def _open(self) -> None:
        start = time.time_ns() + 300_000_000
        faults = []
        for word in filter(None, self.options.faults.split(",")):
            cause, _, when = word.partition("@")
            when, _, scale = when.partition("*")
            when, _, who = when.partition("/")
            who, at, scale = who or next(iter(self.ranks)), start + int(float(when) * 1e9), float(scale or 1)
            rank = self.ranks.get(who, 0)
            if cause in ("long", "burst"):
                self.extra.append((at / 1e9, cause, scale))
            elif cause == "neighbour":
                threading.Thread(target=self._neighbour, args=(at, scale), daemon=True).start()
            else:
                label = f"api_{cause}" if rank == 9 else cause
                faults.append({"cause": cause, "who": who, "t_ns": at, "scale": scale, "label": label, "rank": rank})
        self.extra.sort()
        self.window = [start, start + int(self.options.seconds * 1e9)]
        with open(PLAN + ".part", "w") as file:
            json.dump({"window_ns": self.window, "faults": faults}, file)
        os.rename(PLAN + ".part", PLAN)

    def _neighbour(self, at: int, scale: float) -> None:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(os.environ["NEIGHBOUR"])
            time.sleep(max(0, (at - time.time_ns()) / 1e9))
            peer.sendall(f"{0.25 * scale}\n".encode())
            start, end = map(int, peer.makefile().readline().split())
        note("neighbour", "noisy_neighbour", self.ranks.get("neighbour", 0), start, end)

    def _arrive(self) -> None:
        due, number = time.time(), 0
        while not self.window[1] or time.time_ns() < self.window[1]:
            due += self.random.expovariate(self.options.rate)
            time.sleep(max(0, due - time.time()))
            while self.extra and self.extra[0][0] <= time.time():
                _, kind, scale = self.extra.pop(0)
                start = time.time_ns()
                if kind == "long":
                    self._submit(100_000 + number, int(self.options.long * scale), 16)
                else:
                    for _ in range(int(40 * scale)):
                        self._submit(number, self.random.choice([256, 384, 512]), self.random.randint(24, 72))
                        number += 1
                note("client", "long_prefill" if kind == "long" else "arrival_burst", 0, start)
            self._submit(number, self.random.choice([128, 192, 256, 384, 512]), self.random.randint(24, 96))
            number += 1

    def _submit(self, number: int, prompt: int, output: int) -> None:
        self.requests[number] = {
            "id": str(number), "prompt_tokens": prompt, "output_tokens": output, "arrival_ns": time.time_ns(), "scheduled_ns": None,
            "first_token_ns": None, "finish_ns": None, "itl_us": [], "status": "unfinished",
        }
        self.send(number, prompt, output)

    def _save(self) -> None:
        out = self.options.out
        out.mkdir(parents=True, exist_ok=True)
        done = [r for r in self.requests.values() if r["finish_ns"]]
        with open(out / "requests.jsonl", "w") as file:
            for request in done:
                file.write(json.dumps({k: v for k, v in request.items() if k != "scheduled_ns" or v}) + "\n")
        faults = sorted((json.loads(line) for path in glob.glob(PLAN + ".truth.*") for line in open(path)), key=lambda f: f["start_ns"])
        truth = {"window_ns": self.window, "faults": faults, "seed": self.options.seed, "rate": self.options.rate, "engine": self.engine}
        (out / "truth.json").write_text(json.dumps(truth, indent=1))
        ends = sorted((r["finish_ns"] - r["arrival_ns"]) / 1e6 for r in done) or [0]
        gaps = sorted(gap for r in done for gap in r["itl_us"]) or [0]
        shown = [(f["cause"], f["process"], round((f["start_ns"] - self.window[0]) / 1e9, 2), (f["end_ns"] - f["start_ns"]) // 10**6) for f in faults]
        print("served", len(done), "of", len(self.requests), "p50", ends[len(ends) // 2], "p99", ends[int(len(ends) * 0.99)],
              "step us", gaps[:: max(1, len(gaps) // 5)], shown, flush=True)
