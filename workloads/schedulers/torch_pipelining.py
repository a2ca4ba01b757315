"""The schedules of torch.distributed.pipelining, over a model of eight blocks.

    forensics capture --preset pipeline --capture-range cudaProfilerApi --stop-workload -- \
      torchrun --nproc-per-node 2 workloads/schedulers/torch_pipelining.py --microbatches 8 --uneven 1.5

Each rank leaves its iterations' beginnings and ends in stamps_rankN.json; apart.py computes the bubble from them and the trace.
"""

from typing import Any

import torch
from torch import nn
from torch.distributed.pipelining import PipelineStage, schedules

from recorded import Recorded, parser_of

BLOCKS = 8
CLASSES = {
    "gpipe": schedules.ScheduleGPipe,
    "1f1b": schedules.Schedule1F1B,
    "interleaved": schedules.ScheduleInterleaved1F1B,
    "interleaved-zb": schedules.ScheduleInterleavedZeroBubble,
    "zbv": schedules.ScheduleZBVZeroBubble,
}


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.down(nn.functional.gelu(self.up(self.norm(x))))


def stages_of(name: str, rank: int, ranks: int) -> list[int]:
    if name in ("gpipe", "1f1b"):
        return [rank]
    return [rank, 2 * ranks - 1 - rank] if name == "zbv" else [rank, rank + ranks]


def main() -> None:
    parser = parser_of(__doc__, tuple(CLASSES))
    parser.add_argument("--uneven", type=float, default=1.0, help="blocks of the last rank, as a factor")
    parser.add_argument("--width", type=int, default=4096, help="(default: %(default)s)")
    parser.add_argument("--tokens", type=int, default=2048, help="of a microbatch (default: %(default)s)")
    options = parser.parse_args()
    recorded = Recorded(options)
    rank, ranks, m = recorded.rank, recorded.ranks, options.microbatches
    made: dict[str, Any] = {"device": recorded.device, "dtype": torch.bfloat16}
    x, y = (torch.randn(m, options.tokens, options.width, **made) for _ in range(2))
    for name in options.schedule.split(","):
        mine = stages_of(name, rank, ranks)
        last = len(mine) * ranks - 1
        depth = round(BLOCKS // len(mine) * (options.uneven if rank == ranks - 1 else 1))
        with recorded.device:
            modules = [nn.Sequential(*(Block(options.width) for _ in range(depth))).to(torch.bfloat16) for _ in mine]
        stages = [PipelineStage(module, stage, last + 1, recorded.device, input_args=(x[:1],)) for module, stage in zip(modules, mine)]
        chosen: Any = stages[0] if len(stages) == 1 else stages
        schedule: Any = CLASSES[name](chosen, n_microbatches=m, loss_fn=nn.functional.mse_loss)

        def step() -> None:
            ends = {"target": y, "losses": []} if last in mine else {}
            schedule.step(*((x,) if 0 in mine else ()), **ends)
            for module in modules:
                module.zero_grad(set_to_none=True)

        recorded.run(name, len(mine), step)
        del modules, stages, schedule, step
        torch.cuda.empty_cache()
    recorded.close()


if __name__ == "__main__":
    main()
