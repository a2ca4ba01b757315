"""Faults that need a GPU, and the list of all that `serve.py` can plant. What a fault is: host_faults.py."""

import ctypes
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Callable

import torch
import torch.cuda.nvtx as nvtx

from host_faults import HOST_FAULTS, MIB, Bench, Fault, Waiter
from model import Model
from traffic import Traffic


class GpuBench(Bench):
    """A bench with a GPU: a side stream, and tensors and a neighbour that are made only when a fault needs them."""

    large: torch.Tensor
    matrix: torch.Tensor
    neighbour: socket.socket

    def __init__(self, options: Namespace, traffic: Traffic | None = None, model: Model | None = None) -> None:
        super().__init__(options, traffic)
        self.model = model
        self.side = torch.cuda.Stream()

    def mark_device(self) -> Callable[[], None]:
        events = [torch.cuda.Event(), torch.cuda.Event()]
        events[0].record()
        events[1].record(self.side)

        def done() -> None:
            while not all(event.query() for event in events):
                time.sleep(0.002)

        return done


# ---- the driver and the runtime ------------------------------------------------------------------------------


def alloc_churn(bench: GpuBench) -> None:
    """The caching allocator is emptied, and large blocks come and go."""
    sizes = random.Random(0)
    torch.cuda.empty_cache()
    for _ in bench.milliseconds(180):
        blocks = [torch.empty(sizes.randrange(256, 2048) * MIB, dtype=torch.uint8, device="cuda") for _ in range(4)]
        del blocks
        torch.cuda.empty_cache()


def pin_churn(bench: GpuBench) -> None:
    """Host memory is pinned and unpinned."""
    runtime = torch.cuda.cudart()
    for _ in bench.milliseconds(180):
        block = torch.empty(128 * MIB, dtype=torch.uint8)
        runtime.cudaHostRegister(block.data_ptr(), block.numel(), 0)
        runtime.cudaHostUnregister(block.data_ptr())


_PTX = """.version 7.0
.target sm_80
.address_size 64
.visible .entry {name}(.param .u64 out) {{
  .reg .f32 %f<3>; .reg .b64 %rd<3>; .reg .u32 %r<2>;
  ld.param.u64 %rd1, [out];
  mov.u32 %r1, %tid.x;
  cvt.rn.f32.u32 %f1, %r1;
{body}
  st.global.f32 [%rd1], %f1;
  ret;
}}
"""


def module_load(bench: GpuBench) -> None:
    """The driver compiles and loads PTX that it has never seen, and each new kernel runs once."""
    driver = ctypes.CDLL("libcuda.so.1")
    result = torch.zeros(1, device="cuda")
    out = ctypes.c_void_p(result.data_ptr())
    arguments = (ctypes.c_void_p * 1)(ctypes.addressof(out))
    for _ in bench.milliseconds(180):
        name = f"adapter_{time.time_ns():x}"
        values = (random.getrandbits(23) | 0x3F000000 for _ in range(1500))
        body = "\n".join(f"  fma.rn.f32 %f1, %f1, 0f{value:08X}, %f1;\n  sin.approx.f32 %f1, %f1;" for value in values)
        module, function = ctypes.c_void_p(), ctypes.c_void_p()
        ptx = _PTX.format(name=name, body=body).encode()
        _check(driver.cuModuleLoadData(ctypes.byref(module), ptx))
        _check(driver.cuModuleGetFunction(ctypes.byref(function), module, name.encode()))
        _check(driver.cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, None, arguments, None))


def _check(status: int) -> None:
    if status:
        raise RuntimeError(f"CUDA driver error {status}")


def runtime_compile(bench: GpuBench) -> None:
    """CUDA C++ is compiled in the process (NVRTC), loaded, and the new kernel runs once."""
    out = torch.zeros(32, device="cuda")
    for _ in bench.milliseconds(150):
        name = f"fused_{time.time_ns():x}"
        lines = "".join(f"x = __sinf(x) * {random.random():.6f}f + {random.random():.6f}f;\n" for _ in range(200))
        source = f'extern "C" __global__ void {name}(float* out) {{ float x = threadIdx.x; {lines} out[threadIdx.x] = x; }}'
        # Private in PyTorch (since 2.8), but the shortest road to NVRTC without another package.
        kernel = torch.cuda._compile_kernel(source, name)
        kernel((1, 1, 1), (32, 1, 1), (out,))


# ---- copies and synchronisation ------------------------------------------------------------------------------


def make_large(bench: GpuBench) -> None:
    bench.large = torch.randn(1 << 28, device="cuda", dtype=torch.bfloat16)
    bench.large[:1].neg_()  # its kernel is loaded now, not when the fault is planted


def sync_copy(bench: GpuBench) -> None:
    """256 MiB from the device to pageable host memory."""
    bench.large[: int((1 << 27) * bench.scale)].cpu()


def device_sync(bench: GpuBench) -> None:
    """Short kernels (tens of microseconds), and the host waits for the whole device after each."""
    x = bench.large[: 1 << 25]
    for _ in bench.milliseconds(150):
        x.neg_()
        torch.cuda.synchronize()


def warm_background(bench: GpuBench) -> None:
    with torch.cuda.stream(bench.side):
        torch.cuda._sleep(1000)


def sync_background(bench: GpuBench) -> None:
    """A long background kernel on one multiprocessor, on its own stream, and a device-wide wait that includes it."""
    with torch.cuda.stream(bench.side):
        torch.cuda._sleep(int(0.18 * bench.scale * 1.98e9))
    torch.cuda.synchronize()


# ---- the device ----------------------------------------------------------------------------------------------


def make_matrix(bench: GpuBench) -> None:
    bench.matrix = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    with torch.cuda.stream(bench.side):
        torch.mm(bench.matrix, bench.matrix)


def noisy_neighbour(bench: GpuBench) -> None:
    """Another stream fills the multiprocessors for about 300 ms."""
    with torch.cuda.stream(bench.side):
        for _ in range(int(180 * bench.scale)):
            torch.mm(bench.matrix, bench.matrix)


def make_neighbour(bench: GpuBench) -> None:
    path = bench.options.neighbour
    if not path:
        path = os.path.join(tempfile.mkdtemp(), "neighbour")
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "neighbour.py")
        subprocess.Popen([sys.executable, program, "--socket", path])
    bench.neighbour = socket.socket(socket.AF_UNIX)
    for _ in range(600):
        try:
            bench.neighbour.connect(path)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no neighbour answers on {path}")


def process_neighbour(bench: GpuBench) -> Waiter:
    """Another process computes on the same GPU for 300 ms; the driver slices the time."""
    bench.neighbour.sendall(f"{0.3 * bench.scale}\n".encode())

    def finished() -> dict[str, int] | None:
        words = bench.neighbour.makefile("r").readline().split()
        if not words:  # it has gone
            return None
        start, end = map(int, words)
        return {"start_ns": start, "end_ns": end, "effect_end_ns": end}

    return finished


def power_virus(bench: GpuBench) -> Waiter:
    """Another stream multiplies for 2.5 s, which draws the board to its power limit: contention and lower clocks."""
    end = time.perf_counter() + 2.5 * bench.scale

    def feed() -> None:
        with torch.cuda.stream(bench.side):
            while time.perf_counter() < end:
                for _ in range(8):
                    torch.mm(bench.matrix, bench.matrix)
                bench.side.synchronize()

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    return thread.join


def warm_long_prefill(bench: GpuBench) -> None:
    assert bench.model
    bench.model.prefill(0, int(16384 * bench.scale), keep=False)


def long_prefill(bench: GpuBench) -> None:
    """One very long prompt, and every decode behind it waits."""
    assert bench.model
    tokens = int(16384 * bench.scale)
    with nvtx.range(f"prefill req=long tokens={tokens}"):
        bench.model.prefill(0, tokens, keep=False)


# ---- the profiler --------------------------------------------------------------------------------------------


def profiler_flush(bench: GpuBench) -> None:
    """nsys flushes its buffers at each cudaProfilerStop: here again and again, as in a program that brackets its steps."""
    runtime = torch.cuda.cudart()
    for _ in bench.milliseconds(150):
        runtime.cudaProfilerStop()
        runtime.cudaProfilerStart()


GPU_FAULTS = {
    "alloc-churn": Fault("memory-allocation", alloc_churn),
    "pin-churn": Fault("memory-allocation", pin_churn),
    "module-load": Fault("code-load", module_load),
    "runtime-compile": Fault("code-load", runtime_compile),
    "sync-copy": Fault("blocking-copy", sync_copy, make_large),
    "device-sync": Fault("device-sync", device_sync, make_large),
    "sync-background": Fault("device-sync", sync_background, warm_background),
    "noisy-neighbour": Fault("gpu-contention", noisy_neighbour, make_matrix),
    "process-neighbour": Fault("gpu-contention", process_neighbour, make_neighbour),
    "power-virus": Fault("clock-throttle", power_virus, make_matrix),
    "long-prefill": Fault("head-of-line", long_prefill, warm_long_prefill),
    "profiler-flush": Fault("profiler-artefact", profiler_flush),
}
FAULTS = HOST_FAULTS | GPU_FAULTS
