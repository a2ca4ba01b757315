"""NVTX ranges without any package: for programs that have no GPU, and so no library that brings NVTX along.

NVTX is a hand-shake: the profiler names a library in the environment; that library is given a table of places, and writes
into them the functions that it wants called (nvtx3/nvtxDetail/nvtxInit.h and nvtxTypes.h of any Nsight Systems).
Without a profiler all of this does nothing.
"""

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

CALLBACKS, VERSION = 1, 3  # NvtxExportTableID
CORE, CORE2 = 1, 5  # NvtxCallbackModule; both have 15 functions
MARK_A, RANGE_PUSH_A, RANGE_POP = 2, 9, 11  # NvtxCallbackIdCore
FUNCTIONS = 16  # the id 0 is none

_Function = ctypes.c_void_p
_GetModule = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(_Function), ctypes.POINTER(ctypes.c_uint))
_SetVersion = ctypes.CFUNCTYPE(None, ctypes.c_uint32)
_GetTable = ctypes.CFUNCTYPE(_Function, ctypes.c_uint32)


class _Callbacks(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("get_module", _GetModule)]


class _Version(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("version", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("set", _SetVersion)]


class _Module:
    """Places for a module's functions, and the table of pointers to them that the profiler asks for."""

    def __init__(self) -> None:
        self.functions = (_Function * FUNCTIONS)()
        start, step = ctypes.addressof(self.functions), ctypes.sizeof(_Function)
        self.table = (_Function * (FUNCTIONS + 1))(None, *(start + step * index for index in range(1, FUNCTIONS)), None)


class _Nvtx:
    """What an application that was built with NVTX holds. It must outlive the profiler's interest in it."""

    def __init__(self) -> None:
        self.modules = {CORE: _Module(), CORE2: _Module()}
        self.callbacks = _Callbacks(ctypes.sizeof(_Callbacks), _GetModule(self._get_module))
        self.version = _Version(ctypes.sizeof(_Version), 3, 0, _SetVersion(lambda _version: None))
        self.get_table = _GetTable(self._get_table)

    def connect(self, library: str) -> bool:
        try:
            return bool(ctypes.CDLL(library).InitializeInjectionNvtx2(self.get_table))
        except (OSError, AttributeError):
            return False

    def function(self, index: int, *signature: Any) -> Callable[..., Any]:
        address = self.modules[CORE].functions[index]
        return ctypes.CFUNCTYPE(*signature)(address) if address else lambda *_: None

    def _get_table(self, table: int) -> int | None:
        held: dict[int, ctypes.Structure] = {CALLBACKS: self.callbacks, VERSION: self.version}
        return ctypes.addressof(held[table]) if table in held else None

    def _get_module(self, module: int, table: Any, size: Any) -> int:
        if module not in self.modules:
            return 0
        if table:
            table[0] = ctypes.addressof(self.modules[module].table)
        if size:
            size[0] = FUNCTIONS
        return 1


_nvtx = _Nvtx()
if os.environ.get("NVTX_INJECTION64_PATH"):
    _nvtx.connect(os.environ["NVTX_INJECTION64_PATH"])
_mark = _nvtx.function(MARK_A, None, ctypes.c_char_p)
_push = _nvtx.function(RANGE_PUSH_A, ctypes.c_int, ctypes.c_char_p)
_pop = _nvtx.function(RANGE_POP, ctypes.c_int)


@contextmanager
def nvtx_range(text: str) -> Iterator[None]:
    _push(text.encode())
    try:
        yield
    finally:
        _pop()


def nvtx_mark(text: str) -> None:
    _mark(text.encode())
