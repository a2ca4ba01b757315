"""Disaggregated prefill and decode of our own: two processes on two GPUs, and the cache of a prompt is handed over.

    disaggregated.py --out DIR --faults SPEC [--via peer|host]

The prefill process computes a prompt and copies its keys and values into a buffer that the decode process lends it: on the other GPU
(a CUDA IPC handle; the driver chooses the way, see README.md), or in host memory. It sends the first token to the client and the rest of
the request to the decode process, which takes the cache over and gives the buffer back. Faults: /prefill (0), /decode (1). No NVTX.
"""

import queue
import threading
import time
from collections import deque
from multiprocessing.connection import Connection

import torch
import torch.multiprocessing as multiprocessing
from client import Client, parser
from net import CONTEXT, HEAD, KIND, VOCABULARY, Net, graphs, upload
from plant import DEVICE, Planter

BUFFERS = 4
RANKS = {"prefill": 0, "decode": 1, "neighbour": 1}  # the neighbour sits on the GPU that decodes


def on(gpu: int) -> None:
    if DEVICE == "cuda":
        torch.cuda.set_device(gpu % torch.cuda.device_count())


def prefill(options, inbox: Connection, handoff: Connection, answers: Connection, ready) -> None:
    on(0)
    net, planter = Net(options.layers, options.dim, 1), Planter("prefill", profile=True)
    lent, free, waiting = handoff.recv(), list(range(BUFFERS)), deque()
    with torch.inference_mode():
        net.warm_up((128, 192, 256, 384, 512, options.long))
        for buffer in lent:  # opens the way to the other GPU
            buffer.copy_(net.cache[:, :, 0].flatten())
        torch.cuda.synchronize()
        ready.set()
        while True:
            while inbox.poll(0 if waiting else 0.01):
                waiting.append(inbox.recv())
            planter.due()
            while handoff.poll(0 if free else 0.01):
                free.append(handoff.recv())
            if not waiting or not free:
                continue
            number, ids, output = waiting.popleft()
            scheduled, buffer = time.time_ns(), free.pop()
            net.prefill(0, upload(ids))
            kept = min(len(ids), CONTEXT // 2) if len(ids) > CONTEXT else len(ids)
            packed = net.cache[:, :, 0, :, :kept].flatten()
            lent[buffer][: packed.numel()].copy_(packed, non_blocking=True)
            token = int(net.last[0])  # waits for the prompt, and for the copy before it in the stream
            answers.send([(number, scheduled)])
            handoff.send((number, output - 1, token, kept, buffer))


def decode(options, handoff: Connection, answers: Connection, ready) -> None:
    on(1)
    net, planter = Net(options.layers, options.dim, options.slots), Planter("decode", profile=True)
    size = options.layers * 2 * net.heads * CONTEXT * HEAD
    lent = [torch.empty(size, **(KIND if options.via == "peer" else {"dtype": torch.bfloat16})) for _ in range(BUFFERS)]
    handoff.send(lent if options.via == "peer" else [buffer.share_memory_() for buffer in lent])
    waiting, slots, host = deque(), [None] * options.slots, torch.zeros(options.slots, dtype=torch.long)
    if DEVICE == "cuda":
        host = host.pin_memory()

    def take(slot: int, token: int, kept: int, buffer: int) -> None:
        cache = net.cache[:, :, slot, :, :kept]
        cache.copy_(lent[buffer][: cache.numel()].view(cache.shape))
        net.last[slot], net.place[slot] = token, kept

    with torch.inference_mode():
        replay = graphs(options.slots, net.step)
        for kept in (128, 192, 256, 384, 512, CONTEXT // 2):
            take(0, 0, kept, 0)
        torch.cuda.synchronize()
        ready.set()
        while True:
            while handoff.poll(0 if waiting or any(slots) else 0.01):
                waiting.append(handoff.recv())
            planter.due()
            taken = []
            while waiting and None in slots:
                number, output, token, kept, buffer = waiting.popleft()
                slot = slots.index(None)
                slots[slot] = [number, output]
                take(slot, token, kept, buffer)
                taken.append(buffer)
            live = [slot for slot, request in enumerate(slots) if request]
            if not live:
                continue
            replay[live[-1] + 1]()
            host.copy_(net.last, non_blocking=True)
            torch.cuda.current_stream().synchronize()
            for buffer in taken:
                handoff.send(buffer)
            for slot in live:
                slots[slot][1] -= 1
            answers.send([(slots[slot][0], None) for slot in live])
            slots = [request if request and request[1] else None for request in slots]


def main() -> None:
    words = parser()
    words.add_argument("--via", choices=("peer", "host"), default="peer")
    options, spawn = words.parse_args(), multiprocessing.get_context("spawn")
    ready, asked = [spawn.Event() for _ in range(2)], spawn.Pipe(duplex=False)
    ends, handoff = [spawn.Pipe(duplex=False) for _ in range(2)], spawn.Pipe()
    requests = queue.SimpleQueue()
    client = Client(options, lambda *request: requests.put(request), RANKS, "disaggregated prefill and decode (ours)")

    def route() -> None:
        while True:
            number, prompt, output = requests.get()
            asked[1].send((number, [(number * 7919 + n * 31) % VOCABULARY for n in range(prompt)], output))

    def collect(end: Connection) -> None:
        while True:
            for number, scheduled in end.recv():
                client.got(number, 1, scheduled)

    spawn.Process(target=prefill, args=(options, asked[0], handoff[0], ends[0][1], ready[0]), daemon=True).start()
    spawn.Process(target=decode, args=(options, handoff[1], ends[1][1], ready[1]), daemon=True).start()
    threading.Thread(target=route, daemon=True).start()
    for end, _ in ends:
        threading.Thread(target=collect, args=(end,), daemon=True).start()
    for event in ready:
        event.wait()
    client.drive()


if __name__ == "__main__":
    main()
