"""Faults that `serve.py` plants in itself at recorded times, each with the cause an analysis should name.

A fault is `prepare(bench)`, run once before the server is warm, and `run(bench)`, run on the engine's thread between
two steps. `run` may return a function that waits, on another thread, until work it left behind is done and may return
the (start_ns, end_ns) that this work measured itself.
"""

import ctypes
import mmap
import os
import random
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable

import torch
import torch.cuda.nvtx as nvtx

MIB = 1 << 20


@dataclass(frozen=True)
class Fault:
    cause: str  # an id of the project's list of causes
    run: Callable[["Bench"], Any]
    prepare: Callable[["Bench"], None] = lambda bench: None


class Bench:
    """What the faults share: the model, a side stream, a scratch file, a neighbour; each made only when needed."""

    def __init__(self, model, scale, scratch, scratch_mib, neighbour):
        self.model, self.scale = model, scale
        self.side = torch.cuda.Stream()
        self.scratch_folder, self.scratch_bytes = scratch, scratch_mib * MIB
        self.neighbour_path, self.neighbour = neighbour, None
        self.scratch_file, self.scratch_used = None, 0

    def milliseconds(self, length):
        """Yields until this many milliseconds (times the scale) have passed."""
        end = time.perf_counter() + length * self.scale / 1e3
        while time.perf_counter() < end:
            yield

    def make_scratch(self):
        """A big file of random bytes whose pages are on the disk and not in memory."""
        if self.scratch_file:
            return
        self.scratch_file = os.path.join(self.scratch_folder, "forensics-scratch.bin")
        if not os.path.exists(self.scratch_file) or os.path.getsize(self.scratch_file) != self.scratch_bytes:
            block = os.urandom(8 * MIB)
            with open(self.scratch_file, "wb") as out:
                for _ in range(self.scratch_bytes // len(block)):
                    out.write(block)
        with open(self.scratch_file, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def take_scratch(self, length):
        """The offset of a stretch of the scratch file that was not read before, so that the page cache lacks it."""
        offset = self.scratch_used
        self.scratch_used += length
        if self.scratch_used > self.scratch_bytes:
            raise RuntimeError("the scratch file has been read once, and is cached now: give a larger --scratch-mib")
        return offset


# ---- the host ------------------------------------------------------------------------------------------------


def cpu_stall(bench):
    """The engine's thread computes."""
    x = 0
    for _ in bench.milliseconds(140):
        x = (x * 31 + 7) % 1000003


def lock_wait(bench):
    """Another thread holds a lock that the engine wants, and sleeps."""
    lock, held = threading.Lock(), threading.Event()

    def hold():
        with lock:
            held.set()
            time.sleep(0.18 * bench.scale)

    threading.Thread(target=hold, daemon=True).start()
    held.wait()
    with lock:
        pass


def sleep(bench):
    time.sleep(0.15 * bench.scale)


def poll_wait(bench):
    """The engine waits for a peer that does not answer."""
    reader, writer = os.pipe()
    select.select([reader], [], [], 0.16 * bench.scale)
    os.close(reader)
    os.close(writer)


def disk_read(bench):
    """Reads a file that is not in the page cache, each byte once."""
    buffer = bytearray(4 * MIB)
    with open(bench.scratch_file, "rb", buffering=0) as file:
        for _ in bench.milliseconds(200):
            file.seek(bench.take_scratch(len(buffer)))
            file.readinto(buffer)


def disk_fsync(bench):
    """Writes, and waits for the disk after each write."""
    block = os.urandom(MIB)
    with tempfile.TemporaryFile(dir=bench.scratch_folder, buffering=0) as file:
        for _ in bench.milliseconds(200):
            for _ in range(4):
                file.write(block)
            os.fsync(file.fileno())


def page_fault(bench):
    """Touches pages of a mapped file that are not in memory: no system call, but a major fault each."""
    with open(bench.scratch_file, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pages:
        pages.madvise(mmap.MADV_RANDOM)  # no read-ahead
        for _ in bench.milliseconds(200):
            pages[bench.take_scratch(16 * mmap.PAGESIZE)]


# ---- the driver and the runtime ------------------------------------------------------------------------------


def alloc_churn(bench):
    """The caching allocator is emptied, and large blocks come and go."""
    sizes = random.Random(0)
    torch.cuda.empty_cache()
    for _ in bench.milliseconds(180):
        blocks = [torch.empty(sizes.randrange(256, 2048) * MIB, dtype=torch.uint8, device="cuda") for _ in range(4)]
        del blocks
        torch.cuda.empty_cache()


def pin_churn(bench):
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


def module_load(bench):
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


def _check(status):
    if status:
        raise RuntimeError(f"CUDA driver error {status}")


def runtime_compile(bench):
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


def make_large(bench):
    bench.large = torch.randn(1 << 28, device="cuda", dtype=torch.bfloat16)
    bench.large[:1].neg_()  # its kernel is loaded now, not when the fault is planted


def sync_copy(bench):
    """256 MiB from the device to pageable host memory."""
    bench.large[: int((1 << 27) * bench.scale)].cpu()


def device_sync(bench):
    """Short kernels (tens of microseconds), and the host waits for the whole device after each."""
    x = bench.large[: 1 << 25]
    for _ in bench.milliseconds(150):
        x.neg_()
        torch.cuda.synchronize()


def warm_background(bench):
    with torch.cuda.stream(bench.side):
        torch.cuda._sleep(1000)


def sync_background(bench):
    """A long background kernel on one multiprocessor, on its own stream, and a device-wide wait that includes it."""
    with torch.cuda.stream(bench.side):
        torch.cuda._sleep(int(0.18 * bench.scale * 1.98e9))
    torch.cuda.synchronize()


# ---- the device ----------------------------------------------------------------------------------------------


def make_matrix(bench):
    bench.matrix = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    with torch.cuda.stream(bench.side):
        torch.mm(bench.matrix, bench.matrix)


def noisy_neighbour(bench):
    """Another stream fills the multiprocessors for about 300 ms."""
    with torch.cuda.stream(bench.side):
        for _ in range(int(180 * bench.scale)):
            torch.mm(bench.matrix, bench.matrix)


def make_neighbour(bench):
    path = bench.neighbour_path
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


def process_neighbour(bench):
    """Another process computes on the same GPU for 300 ms; the driver slices the time."""
    bench.neighbour.sendall(f"{0.3 * bench.scale}\n".encode())

    def finished():
        return tuple(map(int, bench.neighbour.makefile("r").readline().split()))

    return finished


def power_virus(bench):
    """Another stream multiplies for 2.5 s, which draws the board to its power limit: contention and lower clocks."""
    end = time.perf_counter() + 2.5 * bench.scale

    def feed():
        with torch.cuda.stream(bench.side):
            while time.perf_counter() < end:
                for _ in range(8):
                    torch.mm(bench.matrix, bench.matrix)
                bench.side.synchronize()

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    return thread.join


def warm_long_prefill(bench):
    bench.model.prefill(0, int(16384 * bench.scale), keep=False)


def long_prefill(bench):
    """One very long prompt, and every decode behind it waits."""
    tokens = int(16384 * bench.scale)
    with nvtx.range(f"prefill req=long tokens={tokens}"):
        bench.model.prefill(0, tokens, keep=False)


FAULTS = {
    "cpu_stall": Fault("host-compute", cpu_stall),
    "lock_wait": Fault("host-blocked", lock_wait),
    "sleep": Fault("host-blocked", sleep),
    "poll_wait": Fault("host-blocked", poll_wait),
    "disk_read": Fault("storage-io", disk_read, Bench.make_scratch),
    "disk_fsync": Fault("storage-io", disk_fsync),
    "page_fault": Fault("paging", page_fault, Bench.make_scratch),
    "alloc_churn": Fault("memory-allocation", alloc_churn),
    "pin_churn": Fault("memory-allocation", pin_churn),
    "module_load": Fault("code-load", module_load),
    "runtime_compile": Fault("code-load", runtime_compile),
    "sync_copy": Fault("blocking-copy", sync_copy, make_large),
    "device_sync": Fault("device-sync", device_sync, make_large),
    "sync_background": Fault("device-sync", sync_background, warm_background),
    "noisy_neighbour": Fault("gpu-contention", noisy_neighbour, make_matrix),
    "process_neighbour": Fault("gpu-contention", process_neighbour, make_neighbour),
    "power_virus": Fault("clock-throttle", power_virus, make_matrix),
    "long_prefill": Fault("head-of-line", long_prefill, warm_long_prefill),
}
