"""Another tenant of the GPU: a process that multiplies matrices when it is told to.

    neighbour.py --socket PATH [--size N]

Listens on a Unix socket. A line with a number of seconds makes it keep the GPU busy for that long; it answers
with the epoch nanoseconds of its start and end. `serve.py` starts one by itself (then nsys follows it as a child);
started by hand, before nsys, it is a contender that the trace cannot see.
"""

import argparse
import os
import signal
import socket
import time

import torch


def multiply(a: torch.Tensor, b: torch.Tensor, seconds: float) -> tuple[int, int]:
    """GEMMs back to back, with never more than a few queued, so that the end is sharp."""
    start, end = time.time_ns(), time.perf_counter() + seconds
    while time.perf_counter() < end:
        for _ in range(4):
            torch.mm(a, b)
        torch.cuda.synchronize()
    return start, time.time_ns()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--size", type=int, default=8192)
    options = parser.parse_args()
    a = torch.randn(options.size, options.size, device="cuda", dtype=torch.bfloat16)
    multiply(a, a, 0.1)
    if os.path.exists(options.socket):
        os.unlink(options.socket)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(options.socket)
        server.listen(1)
        client, _ = server.accept()
        # It ends with its client, who gets the same signals and has labels to write first.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with client, client.makefile("rw") as lines:
            for line in lines:
                start, end = multiply(a, a, float(line))
                lines.write(f"{start} {end}\n")
                lines.flush()


if __name__ == "__main__":
    main()
