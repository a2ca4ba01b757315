"""A server without a GPU: the loop of serve.py around a model that only computes a little and sleeps.

    nsys profile -t osrt,nvtx --sample=none --cpuctxsw=none python3 workloads/cpu.py --fault lock-wait,disk-read --seconds 6

For traces of the operating system's calls and of NVTX ranges on machines that have nothing else, such as CI. Standard
library only. It leaves what serve.py leaves: requests.jsonl and truth.json.
"""

import argparse
import time
from contextlib import AbstractContextManager

from case import Stop
from engine import Engine, Runner, check_serving_options, serve, serving_parser
from host_faults import HOST_FAULTS, Bench
from marks import nvtx_range
from planter import Planter
from traffic import Traffic


class SleepRunner(Runner):
    """Stands in for a model: a step computes for a fifth of its length and then waits, as for a device."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.step = options.step_ms / 1e3
        self.slots = options.slots

    def range(self, text: str) -> AbstractContextManager[None]:
        return nvtx_range(text)

    def prefill(self, slot: int, tokens: int) -> int:
        self._work(self.step * (0.5 + tokens / 512))
        return 0

    def decode(self, live: list[int]) -> list[int]:
        self._work(self.step)
        return [0] * self.slots

    @staticmethod
    def _work(seconds: float) -> None:
        computed = time.perf_counter() + seconds / 5
        while time.perf_counter() < computed:
            pass
        time.sleep(seconds * 4 / 5)


def parse_options() -> argparse.Namespace:
    parser = serving_parser(__doc__, HOST_FAULTS, "cpu-out", scratch_mib=256)
    parser.add_argument("--step-ms", type=float, default=5, help="length of a decode step (default: %(default)s)")
    parser.set_defaults(warm=0.5, rate=15, output_tokens=(8, 24))
    options = parser.parse_args()
    check_serving_options(parser, options)
    return options


def main() -> None:
    options, stop = parse_options(), Stop()
    traffic = Traffic(options.rate, options.prompt_tokens, options.output_tokens, options.seed)
    planter = Planter(HOST_FAULTS, Bench(options, traffic))
    planter.prepare(options.fault)
    serve(Engine(options, SleepRunner(options), traffic, planter), stop, ("seed", "rate", "scale", "slots", "warm", "seconds"))


if __name__ == "__main__":
    main()
