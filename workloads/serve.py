"""An open-loop inference server on random weights that plants faults in itself at recorded times.

    forensics capture --preset serving -- python3 workloads/serve.py --fault disk-read

Requests arrive at random, wait for a slot, are prefilled one by one and decoded together (continuous batching). After
--warm seconds a window of --seconds opens, in which faults are planted; then the server ends. With --seconds 0 it serves,
and plants, until SIGTERM or SIGINT. Leaves in --out, all times in epoch nanoseconds:
    requests.jsonl  one request a line, as it ends: arrival, scheduling, first token, end, inter-token times in microseconds
    truth.json      the window, the options, and each planted fault: its cause, when the host's part began and ended
                    (start_ns, end_ns) and when the device had finished what it left behind (effect_end_ns)
README.md lists the faults.
"""

import argparse
from contextlib import AbstractContextManager

import torch
import torch.cuda.nvtx as nvtx

from case import Stop
from engine import Engine, Runner, check_serving_options, serve, serving_parser
from faults import FAULTS, GpuBench
from model import CONTEXT, Model
from planter import Planter
from traffic import Traffic

SHOWN = ("seed", "rate", "scale", "layers", "dim", "slots", "warm", "seconds")


def parse_options() -> argparse.Namespace:
    parser = serving_parser(__doc__, FAULTS, "serve-out", scratch_mib=4096)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dim", type=int, default=12288, help="width of the model (default: %(default)s)")
    parser.add_argument("--profiler-api", action="store_true", help="mark the window with cudaProfilerStart and -Stop")
    parser.add_argument("--neighbour", default="", metavar="SOCKET", help="a running neighbour.py; started here if not given")
    options = parser.parse_args()
    check_serving_options(parser, options)
    if max(options.prompt_tokens) + max(options.output_tokens) > CONTEXT:
        parser.error(f"prompt and output together must not exceed {CONTEXT} tokens")
    if options.profiler_api and "profiler-flush" in options.fault:
        parser.error("profiler-flush would end a recording that --profiler-api began: choose its window by time")
    return options


class TorchRunner(Runner):
    """The model, and the pinned buffer in which tokens and positions travel to it."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.profiler_api = options.profiler_api
        self.model = Model(options.layers, options.dim, options.slots)
        self.pinned = torch.zeros(2, options.slots, dtype=torch.long).pin_memory()  # tokens, positions

    def range(self, text: str) -> AbstractContextManager[None]:
        return nvtx.range(text)

    def prefill(self, slot: int, tokens: int) -> int:
        return int(self.model.prefill(slot, tokens))

    def decode(self, live: list[int]) -> list[int]:
        count = max(live) + 1
        longest = int(self.pinned[1, :count].max()) + 1
        tokens, positions = self.pinned.to("cuda", non_blocking=True)[:, :count]
        return self.model.decode(tokens, positions, min(CONTEXT, -(-longest // 128) * 128)).tolist()

    def start(self, slot: int, token: int, position: int) -> None:
        self.pinned[0, slot], self.pinned[1, slot] = token, position

    def advance(self, slot: int, token: int) -> None:
        self.pinned[0, slot] = token
        self.pinned[1, slot] += 1

    def release(self, slot: int) -> None:
        self.pinned[:, slot] = 0

    def open_window(self) -> None:
        torch.cuda.synchronize()
        if self.profiler_api:
            torch.cuda.cudart().cudaProfilerStart()

    def close_window(self) -> None:
        if self.profiler_api:
            torch.cuda.synchronize()
            torch.cuda.cudart().cudaProfilerStop()


def main() -> None:
    options, stop = parse_options(), Stop()
    torch.manual_seed(options.seed)
    runner = TorchRunner(options)
    traffic = Traffic(options.rate, options.prompt_tokens, options.output_tokens, options.seed)
    planter = Planter(FAULTS, GpuBench(options, traffic, runner.model))
    planter.prepare(options.fault)
    runner.model.warm_up(options.prompt_tokens)
    serve(Engine(options, runner, traffic, planter), stop, SHOWN)


if __name__ == "__main__":
    main()
