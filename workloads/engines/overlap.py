"""An overlap scheduler of our own, in the shape of SGLang: a batch is prepared while the GPU runs the one before.

    overlap.py --out DIR --faults SPEC

Three processes, joined by pipes: this one (load, API and tokenizer), the scheduler (GPU), the detokenizer. In the scheduler
a thread of its own launches batch N+1, and only then the tokens of batch N are read: they come a step late, and each request
computes a token too many. Faults: /scheduler (0), /forward (0, the launching thread), /detokenizer and /api (9). No NVTX.
"""

import multiprocessing
import queue
import threading
import time
from collections import deque
from multiprocessing.connection import Connection

import torch
from client import Client, parser
from net import VOCABULARY, Net, graphs, upload
from plant import DEVICE, Planter

RANKS = {"scheduler": 0, "forward": 0, "api": 9, "detokenizer": 9}
PROMPTS_A_STEP = 2


def forward(net: Net, replay: dict, work: queue.Queue, done: queue.Queue) -> None:
    """Launches what it is given and never waits for the GPU: the newest tokens stay there for the next step."""
    planter, ring = Planter("forward"), [torch.zeros(net.slots, dtype=torch.long) for _ in range(4)]
    if DEVICE == "cuda":
        ring = [host.pin_memory() for host in ring]
        torch.cuda.set_stream(torch.cuda.Stream())
    with torch.inference_mode():
        for step in range(1 << 60):
            prompts, members = work.get()
            planter.due()
            for slot, ids in prompts:
                net.prefill(slot, upload(ids))
            if not prompts:
                replay[max(members) + 1]()
            host = ring[step % 4]
            host.copy_(net.last, non_blocking=True)
            copied = torch.cuda.Event()
            copied.record()
            done.put((members, host, copied))


def scheduler(options, inbox: Connection, outbox: Connection, ready) -> None:
    net, planter = Net(options.layers, options.dim, options.slots), Planter("scheduler", profile=True)
    with torch.inference_mode():
        replay = graphs(options.slots, net.step)
    torch.cuda.synchronize()
    work, done = queue.Queue(), queue.Queue()
    threading.Thread(target=forward, args=(net, replay, work, done), daemon=True).start()
    shapes = [([(0, [0] * count)], {0: None}) for count in (128, 192, 256, 384, 512, options.long) * 2]
    for shape in shapes + [([], {slot: None}) for slot in range(options.slots)]:
        work.put(shape)  # on the thread and the stream that will serve, or memory is allocated anew there
        done.get()[2].synchronize()
    waiting, slots, flying = deque(), [None] * options.slots, False
    ready.set()
    while True:
        while inbox.poll(0 if flying or any(slots) else 0.01):
            waiting.append(inbox.recv())
        planter.due()
        prompts, members = [], {}
        while waiting and None in slots and len(prompts) < PROMPTS_A_STEP:
            number, ids, output = waiting.popleft()
            slot = slots.index(None)
            slots[slot] = members[slot] = [number, output]
            prompts.append((slot, ids))
        members = members or {slot: request for slot, request in enumerate(slots) if request}
        if members:
            work.put((prompts, members))
        if flying:
            answers, host, copied = done.get()
            copied.synchronize()
            tokens, results = host.tolist(), []
            for slot, request in answers.items():
                if request[1]:  # else it ended in the step before this one
                    request[1] -= 1
                    results.append((request[0], tokens[slot]))
                    if not request[1]:
                        slots[slot] = None
            if results:
                outbox.send(results)
        flying = bool(members)


def detokenizer(inbox: Connection, outbox: Connection) -> None:
    planter, words = Planter("detokenizer"), [f" w{number}" for number in range(VOCABULARY)]
    while True:
        if inbox.poll(0.01):
            outbox.send([(number, words[token]) for number, token in inbox.recv()])
        planter.due()


def main() -> None:
    options, spawn = parser().parse_args(), multiprocessing.get_context("spawn")
    pipes, ready = [spawn.Pipe(duplex=False) for _ in range(3)], spawn.Event()
    asked, texts = queue.SimpleQueue(), pipes[2][0]
    client = Client(options, lambda *request: asked.put(request), RANKS, "overlap scheduler (ours)")

    def tokenize() -> None:
        planter = Planter("api")
        while True:
            number, prompt, output = asked.get()
            planter.due()
            pipes[0][1].send((number, [(number * 7919 + n * 31) % VOCABULARY for n in range(prompt)], output))

    def collect() -> None:
        while True:
            for number, _text in texts.recv():
                client.got(number, 1)

    spawn.Process(target=scheduler, args=(options, pipes[0][0], pipes[1][1], ready), daemon=True).start()
    spawn.Process(target=detokenizer, args=(pipes[1][0], pipes[2][1]), daemon=True).start()
    for work in (tokenize, collect):
        threading.Thread(target=work, daemon=True).start()
    ready.wait()
    client.drive()


if __name__ == "__main__":
    main()
