"""A training pipeline over the GPUs of one host: gpipe, 1f1b and interleaved, with five ways to hand over.

    forensics capture --preset pipeline -- python3 workloads/pipeline.py --schedule all
    forensics capture --preset pipeline -- python3 workloads/pipeline.py --handoff host --imbalance 1.5
    forensics capture --preset pipeline -- torchrun --nproc-per-node 2 workloads/pipeline.py --handoff symmetric --schedule 1f1b

peer, serial (copies on the compute stream) and host (copies through pinned memory) are one process that drives all GPUs; nccl
(dist.isend and dist.irecv) and symmetric (PyTorch's symmetric memory) are a process a GPU. Where the GPUs have no access to
each other (or with --no-peer, or NCCL_P2P_DISABLE=1) peer and serial become host, symmetric becomes nccl, and a line says so.
The correctness guard comes first: a small pipeline, whose every output and gradient must be what one device alone computes.

NVTX names iteration, operation, hand-off and phase; where a process receives, also what:
    1f1b iter=0 | F mb=3 stage=1 rank=1 | B mb=3 stage=1 rank=1 | handoff mb=3 stage=0->1 rank=0->1 | rank=1 steady begin
    receive mb=3 stage=0->1 rank=0->1
Leaves truth.json in --out: each iteration with its time and its ideal bubble, and what was planted in it.
Without GPUs the same program runs small on the CPU (nccl over gloo).
"""

import argparse
import itertools
import math
import os
import statistics
import time
from collections.abc import Iterator
from typing import Any

# NVLink multicast, used wrongly, puts GPUs that a host shares with others out of service: off, unless asked for. And a kernel
# that spins until its message comes must not hold up another stream: each needs a queue of its own (the default is 8).
for variable, value in (("NCCL_NVLS_ENABLE", "0"), ("TORCH_SYMM_MEM_DISABLE_MULTICAST", "1"), ("NVSHMEM_DISABLE_NVLS", "1"),
                        ("CUDA_DEVICE_MAX_CONNECTIONS", "32")):
    os.environ.setdefault(variable, value)

import torch  # noqa: E402
import torch.distributed as dist  # noqa: E402

from case import Stop, add_out_option, write_json  # noqa: E402
from handoffs import ONE_PROCESS, SendReceive  # noqa: E402
from processes import Here  # noqa: E402
from schedules import SCHEDULES, Message, Op, Plan  # noqa: E402
from stages import Rank, reference  # noqa: E402

FALLBACK = {"peer": "host", "serial": "host", "symmetric": "nccl"}
SMALL = {"dim": 64, "tokens": 32}  # of the guard
WORLD = int(os.environ.get("WORLD_SIZE", 1))


class Pipeline:
    def __init__(self, options: argparse.Namespace, here: Here, way: str) -> None:
        self.options, self.here, self.handoff = options, here, here.handoff(way, options)
        chunks = max(SCHEDULES[name].chunks for name in options.schedule)
        self.ranks = {rank: Rank(place, options, rank, chunks) for rank, place in here.places.items()}
        self.results: dict[tuple[str, int], torch.Tensor] = {}  # what comes out at either end

    @torch.no_grad()
    def warm(self) -> None:
        """
        Each rank alone, on made-up inputs: loads every kernel and finds all memory. To do that while a kernel spins until
        another rank has sent something could make both wait for ever.
        """
        for plan in self.options.plans:
            for number, rank in self.ranks.items():
                rank.reset()
                with rank.place.on(rank.place.compute):
                    handed = torch.ones(self.options.tokens, self.options.dim, device=rank.place.device, dtype=rank.place.dtype)
                    made = [rank.compute(plan, op, handed if plan.incoming(op) else None) for op in plan.orders[number]]
                    del made
        self.here.synchronize()

    @torch.no_grad()
    def run(self, name: str, iteration: int) -> tuple[float, float]:
        """One iteration: its milliseconds on the slowest GPU here, and the mean loss (0 where the last stage is not here)."""
        plan = Plan(name, self.options.p, self.options.m)
        for rank in self.ranks.values():
            rank.reset()
        self.results.clear()
        self.here.synchronize()
        self.here.any(False)
        with self.here.range(f"{name} iter={iteration}"):
            starts = {rank: place.record(place.compute, True) for rank, place in self.here.places.items()}
            self.handoff.begin(plan)
            self._issue(plan)
            ends = {rank: place.record(place.compute, True) for rank, place in self.here.places.items()}
        self.here.synchronize()
        self.handoff.finish()
        loss = sum(float(loss) for rank in self.ranks.values() for loss in rank.losses) / self.options.m
        return max(place.elapsed(starts[rank], ends[rank]) for rank, place in self.here.places.items()), loss

    def _issue(self, plan: Plan) -> None:
        """Launches everything from one thread: round the ranks, each time the next operation whose input is on its way."""
        waiting = {rank: list(reversed(plan.orders[rank])) for rank in self.ranks}
        phases = dict.fromkeys(self.ranks, "")
        while any(waiting.values()):
            for rank, ops in waiting.items():
                wanted = plan.incoming(ops[-1]) if ops else None
                if not ops or (wanted and not self.handoff.ready(wanted)):
                    continue
                op = ops.pop()
                if op.phase != phases[rank]:
                    phases[rank] = op.phase
                    if not self.options.no_phases:
                        self.here.mark(f"rank={rank} {op.phase} begin")
                self._step(plan, rank, op, plan.incoming(ops[-1]) if ops else None)

    def _step(self, plan: Plan, rank: int, op: Op, upcoming: Message | None) -> None:
        """Everything of the operation is launched before the next message is waited for, even if launching has to wait."""
        place, wanted, message = self.here.places[rank], plan.incoming(op), plan.outgoing(op)
        handed = self._receive(wanted) if wanted else None
        begun = place.record(place.compute)
        with place.on(place.compute), self.here.range(f"{op.kind} mb={op.microbatch} stage={op.stage} rank={rank}"):
            result = self.ranks[rank].compute(plan, op, handed)
        if message:
            with self.here.range(f"handoff {message}"):
                self.handoff.send(message, result, place.record(place.compute))
        else:
            self.results[op.kind, op.microbatch] = result
        if upcoming and isinstance(self.handoff, SendReceive):
            with self.here.range(f"receive {upcoming}"):
                self.handoff.expect(upcoming, begun)

    def _receive(self, message: Message) -> torch.Tensor:
        if not self.here.apart:
            return self.handoff.receive(message)
        with self.here.range(f"receive {message}"):
            return self.handoff.receive(message)

    @torch.no_grad()
    def difference(self, name: str) -> float:
        """From what one device alone computes: of the worst microbatch, as a share of what is expected."""
        plan, worst = Plan(name, self.options.p, self.options.m), 0.0
        for (kind, index), result in self.results.items():
            place = self.here.places[plan.ranks - 1 if kind == "F" else 0]
            expected = reference(place, self.options, plan, index)["FB".index(kind)]
            share = float((result.float() - expected.float()).norm() / expected.float().norm())
            worst = max(worst, share if math.isfinite(share) else math.inf)
        return worst


# ---- the program --------------------------------------------------------------------------------------------


def parse_options() -> argparse.Namespace:
    gpus = torch.cuda.device_count()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_out_option(parser, "pipeline-out")
    parser.add_argument("--schedule", action="append", metavar="NAME,NAME...",
                        help=f"all, or of {', '.join(SCHEDULES)} (default: all)")
    parser.add_argument("--handoff", choices=(*ONE_PROCESS, "nccl", "symmetric"), default="peer")
    parser.add_argument("--no-peer", action="store_true", help="as if no GPU had access to another")
    parser.add_argument("--measure-fallback", action="store_true", help="measure afterwards what it costs to have no peer access")
    parser.add_argument("--iters", type=int, default=4, help="of each (default: %(default)s); 0: in turn until SIGTERM or SIGINT")
    parser.add_argument("--p", type=int, default=WORLD if WORLD > 1 else 2, help="GPUs (default: 2, or what torchrun starts)")
    parser.add_argument("--m", "--microbatches", type=int, default=8, metavar="M",
                        help="microbatches (default: %(default)s; torchrun lets only the long name pass)")
    parser.add_argument("--imbalance", type=float, default=1.0, help="work of the last rank, as a factor")
    parser.add_argument("--dim", type=int, default=8192 if gpus else 128, help="(default: 8192; on the CPU 128)")
    parser.add_argument("--tokens", type=int, default=4096 if gpus else 64, help="of a microbatch (default: 4096; on the CPU 64)")
    parser.add_argument("--depth", type=int, default=4, help="layers of a rank (default: %(default)s)")
    parser.add_argument("--no-phases", action="store_true", help="without the marks of warmup, steady and cooldown")
    parser.add_argument("--profiler-api", action="store_true", help="mark the measured iterations with cudaProfilerStart and -Stop")
    options = parser.parse_args()
    names = ",".join(options.schedule or ["all"]).replace("all", ",".join(SCHEDULES)).split(",")
    options.schedule = list(dict.fromkeys(names))
    if problem := problem_of(options, gpus):
        parser.error(problem)
    options.plans = [Plan(name, options.p, options.m) for name in options.schedule]
    return options


def problem_of(options: argparse.Namespace, gpus: int) -> str | None:
    unknown = [name for name in options.schedule if name not in SCHEDULES]
    apart = options.handoff not in ONE_PROCESS
    if unknown:
        return f"unknown schedule: {', '.join(unknown)}"
    if options.depth < 1 or options.m < 1:
        return "--depth and --m want 1 at least"
    if "interleaved" in options.schedule and (options.m % options.p or options.depth % SCHEDULES["interleaved"].chunks):
        return "interleaved wants --m divisible by --p, and an even --depth"
    if apart and (WORLD < 2 or options.p != WORLD):
        return f"--handoff {options.handoff} wants a process a GPU: torchrun --nproc-per-node {options.p} ..."
    if not apart and WORLD > 1:
        return f"--handoff {options.handoff} is one process for all GPUs: start it without torchrun"
    if options.p < 2 or (gpus and not apart and options.p > gpus):
        return f"--p {options.p}: there are {gpus} GPUs, and a pipeline wants two at least"
    if options.measure_fallback and options.handoff not in FALLBACK:
        return f"--measure-fallback: {options.handoff} has none (nccl: run it again with --no-peer)"
    return None


def direct_access(options: argparse.Namespace) -> bool:
    """Whether the hand-off that was asked for has the access from GPU to GPU that it wants."""
    if options.no_peer or os.environ.get("NCCL_P2P_DISABLE") == "1":
        return False
    if options.handoff == "nccl":
        return True  # it finds its own way
    if not torch.cuda.is_available() or os.environ.get("LOCAL_WORLD_SIZE", str(WORLD)) != str(WORLD):
        return options.handoff != "symmetric"
    return all(torch.cuda.can_device_access_peer(a, b) for a, b in itertools.permutations(range(options.p), 2))


def guard(options: argparse.Namespace, here: Here, way: str) -> None:
    small = argparse.Namespace(**{**vars(options), **SMALL})
    pipeline = Pipeline(small, here, way)
    pipeline.warm()
    for name in options.schedule:
        pipeline.run(name, -1)
        difference = here.reduce([pipeline.difference(name)], dist.ReduceOp.MAX)[0]
        if difference > 0.05:  # bfloat16 has eight bits; a message in another's place makes more than 1
            raise SystemExit(f"[{name}] Wrong results by {way}: {difference:.3g} from what one device computes")
        here.say(f"[{name}] Checked: {options.m} microbatches by {way} are what one device computes (within {difference:.2g})")


def turns(options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    if options.iters:
        return itertools.product(options.schedule, range(options.iters))
    return ((name, iteration) for iteration in itertools.count() for name in options.schedule)


def measure(options: argparse.Namespace, here: Here, pipeline: Pipeline, stop: Stop) -> list[dict[str, Any]]:
    runs = []
    for name, iteration in turns(options):
        if here.any(stop.asked):
            break
        chunks, start = SCHEDULES[name].chunks, time.time_ns()
        ms, loss = pipeline.run(name, iteration)
        bubble = (options.p - 1) / (chunks * options.m + options.p - 1)
        runs.append({"schedule": name, "iter": iteration, "ms": ms, "start_ns": start, "end_ns": time.time_ns(),
                     "p": options.p, "m": options.m, "v": chunks, "ideal_bubble": bubble, "loss": loss})
    joined = {"ms": (dist.ReduceOp.MAX, torch.float64), "loss": (dist.ReduceOp.SUM, torch.float64),
              "start_ns": (dist.ReduceOp.MIN, torch.int64), "end_ns": (dist.ReduceOp.MAX, torch.int64)}
    for key, (how, kind) in joined.items():
        for run, value in zip(runs, here.reduce([run[key] for run in runs], how, kind)):
            run[key] = value
    return runs


def measure_fallback(options: argparse.Namespace, here: Here, pipeline: Pipeline, way: str) -> list[dict[str, Any]]:
    """The same iterations with the hand-offs that need no peer access: what the fallback costs."""
    direct, rows = pipeline.handoff, []
    instead = here.handoff(FALLBACK[way], options)
    for name in options.schedule:
        times = {}
        for how, handoff in ((way, direct), (FALLBACK[way], instead)):
            pipeline.handoff = handoff
            runs = [pipeline.run(name, iteration)[0] for iteration in range(-1, options.iters or 4)]
            times[how] = statistics.median(here.reduce(runs, dist.ReduceOp.MAX)[1:])
        rows.append({"schedule": name, "median_ms": times})
        here.say(f"[{name}] Without peer access: {times[FALLBACK[way]]:.2f} ms an iteration by {FALLBACK[way]}, with it "
                 f"{times[way]:.2f} ms by {way} ({times[FALLBACK[way]] / times[way]:.2f} times)")
    pipeline.handoff = direct
    return rows


def planted(options: argparse.Namespace, way: str) -> list[tuple[str, str]]:
    faults = {"serial": ("handoff-serial", "handoff-exposed"), "host": ("handoff-host", "peer-copy-staged")}
    names = [faults[way]] if way in faults else []
    return names + ([("imbalance", "stage-imbalance")] if options.imbalance != 1 else [])


def profile(options: argparse.Namespace, here: Here, on: bool) -> None:
    """Nobody works before all have opened the window, nor closes it before all have done their work."""
    if options.profiler_api and torch.cuda.is_available():
        here.any(False)
        if on:
            torch.cuda.cudart().cudaProfilerStart()
        else:
            torch.cuda.cudart().cudaProfilerStop()
        here.any(False)


def report(options: argparse.Namespace, here: Here, runs: list[dict[str, Any]], way: str) -> None:
    for name in options.schedule:
        mine = [run for run in runs if run["schedule"] == name]
        if not mine:
            continue
        here.say(f"[{name}] Completed {len(mine) * options.m} microbatches in {sum(run['ms'] for run in mine) / 1e3:.2f}s")
        if SCHEDULES[name].chunks > 1:
            here.say(f"[{name}] Virtual stages per rank: {SCHEDULES[name].chunks}")
        here.say(f"[{name}] Average loss: {statistics.mean(run['loss'] for run in mine):.4f}")
        here.say(f"[{name}] Symmetric memory: {way == 'symmetric'}")
        here.say(f"{name} ms {sorted(round(run['ms'], 2) for run in mine)}")


def main() -> None:
    options, stop = parse_options(), Stop()
    way, direct = options.handoff, direct_access(options)
    if not direct or (options.measure_fallback and way == "symmetric"):
        os.environ["NCCL_P2P_DISABLE"] = "1"  # the fallback of symmetric memory, which itself does without NCCL
    here = Here(options)
    if not direct and way in FALLBACK:
        way = FALLBACK[way]
        here.say(f"No peer access: hand-offs by {way} instead of {options.handoff}")
    guard(options, here, way)
    pipeline = Pipeline(options, here, way)
    pipeline.warm()
    for name in options.schedule:
        pipeline.run(name, -1)
    here.quiet = False
    profile(options, here, True)
    window = [time.time_ns()]
    runs = measure(options, here, pipeline, stop)
    window.append(time.time_ns())
    profile(options, here, False)
    here.quiet = True
    report(options, here, runs, way)
    fallback = measure_fallback(options, here, pipeline, way) if options.measure_fallback and direct and not stop.asked else []
    if 0 in here.places:
        faults = [{"cause": cause, "design_cause": design_cause, "start_ns": run["start_ns"], "end_ns": run["end_ns"]}
                  for run in runs for cause, design_cause in planted(options, way)]
        arguments = {name: value for name, value in vars(options).items() if name not in ("out", "plans")}
        write_json(options.out / "truth.json", {"window_ns": window, "faults": faults, "runs": runs, "handoff": way,
                                                "peer_access": direct, "fallback": fallback, "args": arguments})
    if here.apart:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
