"""A decoder-only transformer on random weights, with a cache a slot, and decode steps in CUDA graphs."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from plant import DEVICE

HEAD, VOCABULARY, CONTEXT = 128, 32000, 640
KIND = dict(device=DEVICE, dtype=torch.bfloat16)


class Net:
    def __init__(self, layers: int, dim: int, slots: int) -> None:
        torch.backends.cuda.enable_cudnn_sdp(False)  # its plans are built per shape: a fault of its own
        self.dim, self.heads, self.slots = dim, dim // HEAD, slots
        self.layers = [[self._weights(r * dim, c * dim) for r, c in ((3, 1), (1, 1), (4, 1), (1, 4))] for _ in range(layers)]
        self.embedding, self.head = self._weights(VOCABULARY, dim), self._weights(VOCABULARY, dim)
        self.cache = torch.zeros(layers, 2, slots, self.heads, CONTEXT, HEAD, **KIND)
        self.rows, self.columns = torch.arange(slots, device=DEVICE), torch.arange(CONTEXT, device=DEVICE)
        self.last = torch.zeros(slots, dtype=torch.long, device=DEVICE)  # each slot's newest token, and where it goes
        self.place = torch.zeros_like(self.last)

    @staticmethod
    def _weights(rows: int, columns: int) -> torch.Tensor:
        return torch.randn(rows, columns, **KIND) * columns**-0.5

    def _layers(self, x: torch.Tensor, attend: Callable) -> torch.Tensor:
        for index, (qkv, out, up, down) in enumerate(self.layers):
            heads = F.linear(F.rms_norm(x, (self.dim,)), qkv).unflatten(-1, (3, self.heads, HEAD))
            x = x + F.linear(attend(index, *heads.unbind(-3)).flatten(-2), out)
            x = x + F.linear(F.silu(F.linear(F.rms_norm(x, (self.dim,)), up)), down)
        return x

    def prefill(self, slot: int, ids: torch.Tensor) -> None:
        """Reads a prompt into a slot. Of one that is longer than the cache nothing is kept: it is there to be computed."""
        count = ids.shape[0]
        keep = count < CONTEXT - 100

        def attend(index: int, *qkv: torch.Tensor) -> torch.Tensor:
            q, k, v = (part.transpose(0, 1) for part in qkv)
            if keep:
                self.cache[index, 0, slot, :, :count], self.cache[index, 1, slot, :, :count] = k, v
            return F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0].transpose(0, 1)

        x = self._layers(self.embedding[ids], attend)
        self.last[slot] = F.linear(x[-1], self.head).argmax(-1)
        self.place[slot] = count if keep else CONTEXT // 2

    def extend(self, tokens: torch.Tensor) -> torch.Tensor:
        """Some tokens (count × width) for each of the first slots, from their places on; returns what follows each."""
        count, width = tokens.shape
        where = (self.place[:count, None] + self.columns[:width]).clamp(max=CONTEXT - 1)
        mask = torch.zeros(count, 1, width, CONTEXT, **KIND).masked_fill_(self.columns > where[:, None, :, None], -1e9)

        def attend(index: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            keys, values = self.cache[index]
            keys[self.rows[:count, None], :, where], values[self.rows[:count, None], :, where] = k, v
            return F.scaled_dot_product_attention(q.transpose(1, 2), keys[:count], values[:count], attn_mask=mask).transpose(1, 2)

        return F.linear(self._layers(self.embedding[tokens], attend), self.head).argmax(-1)

    def step(self, count: int) -> None:
        """One token for each of the first slots."""
        self.last[:count] = self.extend(self.last[:count, None])[:, 0]
        self.place[:count] += 1

    def warm_up(self, prompts: tuple[int, ...]) -> None:
        """Every shape once, so that no kernel is loaded while requests wait."""
        for count in prompts:
            for _ in range(2):
                self.prefill(0, torch.zeros(count, dtype=torch.long, device=DEVICE))


def graphs(slots: int, run: Callable[[int], None]) -> dict[int, Callable[[], None]]:
    """For each count of slots a replay of run(count), recorded for a few sizes."""
    sizes, pool, made = [n for n in (1, 2, 4, 8, 12) if n < slots] + [slots], None, {}
    for size in reversed(sizes):
        run(size)
        if DEVICE == "cuda":
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, pool=pool):
                run(size)
            pool = graph.pool()
            made[size] = graph.replay
        else:
            made[size] = lambda size=size: run(size)
    return {count: made[min(n for n in sizes if n >= count)] for count in range(1, slots + 1)}


def upload(ids: list[int]) -> torch.Tensor:
    host = torch.tensor(ids)
    return host.pin_memory().to(DEVICE, non_blocking=True) if DEVICE == "cuda" else host
