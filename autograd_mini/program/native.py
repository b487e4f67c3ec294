"""Kernels as machine code: compiled when they are first needed, and kept on disk from then on.

What is kept is valid for one processor, one version of llvmlite and one text of what kernels are
written from; a file that is damaged or belongs to something else is compiled again.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite

from .linking import linked

__all__ = ["address_of", "cache_directory", "kept", "load", "processor", "run"]

_lock = threading.Lock()
_addresses: dict[tuple[str, str], int] = {}


def address_of(name: str, dtype: str) -> int:
    """The address of a kernel for "float64" or "float32"."""
    with _lock:
        key = name, dtype
        if key not in _addresses:
            _addresses[key] = load(name, dtype)
        return _addresses[key]


@cache
def run(dtype: str) -> Any:
    """What runs a program, given its state by reference; other threads of Python go on meanwhile.

    An argument that ctypes need not convert saves a fifth of the call.
    """
    return ctypes.CFUNCTYPE(None)(address_of("run", dtype))


def cache_directory() -> Path:
    """Where machine code is kept: the system's place for what can be made again."""
    home = Path.home()
    if sys.platform == "win32":
        default = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        default = home / "Library" / "Caches"
    else:
        default = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(default) / "autograd-mini"


def load(name: str, dtype: str) -> int:
    """The address of a kernel whose machine code is kept, or is now compiled and kept."""
    key = f"{_version(processor())} {name} {dtype}"
    symbol = hashlib.sha256(key.encode()).hexdigest()[:32]
    path = cache_directory() / f"{symbol}.o"
    code = kept(path)
    if code is None:
        from .compiler import compiled  # noqa: PLC0415  # only now, since it imports LLVM

        code = compiled(name, dtype, symbol)
        _keep(path, code)
    address = linked(code, symbol)
    if not address:
        from .compiler import loaded  # noqa: PLC0415  # as above

        address = loaded(code, symbol)
    if not address:
        raise RuntimeError(f"the kernel {name!r} was compiled but cannot be found")
    return address


@cache
def processor() -> str:
    """What the processor is and can do, as the system writes it, or else LLVM."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            first, *_ = file.read(8192).split("\n\n")
    except OSError:
        from .compiler import features  # noqa: PLC0415  # as in `load`

        return features()
    changing = "mhz", "bogomips"
    lines = [line for line in first.lower().splitlines() if not any(w in line for w in changing)]
    return "\n".join(lines)


@cache
def _version(processor: str) -> str:
    """What machine code depends on besides the kernel's name."""
    found = hashlib.sha256(f"{processor} {sys.platform} {llvmlite.__version__}".encode())
    package = Path(__file__).parent.parent
    for part in "kernels", "operations", "program":
        for path in sorted((package / part).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


def kept(path: Path) -> bytes | None:
    """The machine code in a file, None if it is not there or is not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == digest else None


def _keep(path: Path, code: bytes) -> None:
    """Write a file, whole or not at all; where that is not allowed, the next process compiles."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(hashlib.sha256(code).digest() + code)
        unfinished.replace(path)
