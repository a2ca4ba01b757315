"""Speculative decoding of our own: a small model drafts four tokens, the large one verifies them in one step.

    speculative.py --out DIR --faults SPEC

One process; the engine runs on the main thread, requests arrive on another. A step is a draft graph, a verify graph and a few
small kernels, and yields one to five tokens a request. Random weights never agree, so whether a draft is accepted is drawn
at random on the GPU (0.7 a token); all else is computed. NVTX ranges `prefill`, `draft`, `verify` around the launches.
"""

import queue
import threading
import time
from collections import deque

import torch
from client import Client, parser
from net import CONTEXT, VOCABULARY, Net, graphs, upload
from plant import DEVICE, Planter

DRAFTED, ACCEPTED = 4, 0.7


class Pair:
    """The large model and its small companion, in step."""

    def __init__(self, options) -> None:
        self.target, self.draft = Net(options.layers, options.dim, options.slots), Net(2, options.dim // 4, options.slots)
        self.draft.last, self.draft.place = self.target.last.clone(), self.target.place.clone()
        self.guesses = torch.zeros(options.slots, DRAFTED + 1, dtype=torch.long, device=DEVICE)
        self.answers = torch.zeros_like(self.guesses)
        self.host = torch.zeros(2, options.slots, dtype=torch.long)
        if DEVICE == "cuda":
            self.host = self.host.pin_memory()
        for net in (self.target, self.draft):
            net.warm_up((128, 192, 256, 384, 512, options.long))
        self.drafting, self.verifying = graphs(options.slots, self._draft), graphs(options.slots, self._verify)
        for count in range(1, options.slots + 1):
            self.decode(count)

    def _draft(self, count: int) -> None:
        self.guesses[:count, 0] = self.draft.last[:count]
        for index in range(DRAFTED):
            self.draft.step(count)
            self.guesses[:count, index + 1] = self.draft.last[:count]

    def _verify(self, count: int) -> None:
        self.answers[:count] = self.target.extend(self.guesses[:count])

    def prefill(self, slot: int, ids: list[int]) -> int:
        with torch.cuda.nvtx.range(f"prefill tokens={len(ids)}"):
            tokens = upload(ids)
            self.target.prefill(slot, tokens)
            self.draft.prefill(slot, tokens)
            self.draft.last[slot] = self.target.last[slot]
            return int(self.target.last[slot])

    def decode(self, count: int) -> list[int]:
        """How many tokens each of the first slots has got."""
        with torch.cuda.nvtx.range("draft"):
            self.drafting[count]()
        with torch.cuda.nvtx.range("verify"):
            self.verifying[count]()
            agreed = (torch.rand(count, DRAFTED, device=DEVICE) < ACCEPTED).long().cumprod(1).sum(1)
            net = self.target
            net.last[:count] = self.answers[:count].gather(1, agreed[:, None])[:, 0]
            net.place[:count] = (net.place[:count] + agreed + 1).clamp(max=CONTEXT - DRAFTED - 2)
            self.draft.last[:count], self.draft.place[:count] = net.last[:count], net.place[:count]
            self.host[0, :count].copy_(agreed, non_blocking=True)
            self.host[1, :count].copy_(net.last[:count], non_blocking=True)
            torch.cuda.current_stream().synchronize()
        return (self.host[0, :count] + 1).tolist()


def engine(options, client: Client, asked: queue.SimpleQueue, pair: Pair) -> None:
    planter, waiting, slots = Planter("engine", profile=True), deque(), [None] * options.slots
    threading.Thread(target=client.drive, daemon=True).start()
    while True:
        try:
            while True:
                waiting.append(asked.get(timeout=0.01) if not any(slots) else asked.get_nowait())
        except queue.Empty:
            pass
        planter.due()
        for _ in range(2):
            if waiting and None in slots:
                number, prompt, output = waiting.popleft()
                scheduled, slot = time.time_ns(), slots.index(None)
                pair.prefill(slot, [(number * 7919 + n * 31) % VOCABULARY for n in range(prompt)])
                client.got(number, 1, scheduled)
                slots[slot] = [number, output - 1]
        live = [slot for slot, request in enumerate(slots) if request]
        if not live:
            continue
        produced = pair.decode(live[-1] + 1)
        for slot in live:
            request = slots[slot]
            tokens = min(produced[slot], request[1])
            request[1] -= tokens
            if not request[1]:
                slots[slot] = None
            client.got(request[0], tokens)


def main() -> None:
    options, asked = parser().parse_args(), queue.SimpleQueue()
    client = Client(options, lambda *request: asked.put(request), {"engine": 0}, "speculative decoding (ours)")
    with torch.inference_mode():
        engine(options, client, asked, Pair(options))


if __name__ == "__main__":
    main()
