"""Kernels as machine code: compiled when they are first needed, and kept on disk from then on.

What is kept is valid for one processor, one version of llvmlite and one text of this package; a
file that is damaged or belongs to something else is compiled again.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm
from llvmlite import ir

from .elementary import register_symbols
from .kernels import kernel_code

__all__ = ["address_of", "cache_directory", "features", "kept", "load", "run"]

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
    """What runs a program whose state is at an address; other threads of Python go on meanwhile."""
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
    return kind(address_of("run", dtype))


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


def features() -> str:
    """What the processor can do, as LLVM writes it."""
    try:
        found: str = llvm.get_host_cpu_features().flatten()
    except RuntimeError:  # a processor that LLVM cannot ask
        return ""
    # Vectors of 8 doubles are one register where there are such, unlike LLVM's own preference.
    return found + ",-prefer-256-bit" if "+avx512f" in found.split(",") else found


@cache
def _engine() -> Any:
    machine = _machine(features())
    register_symbols()
    empty = llvm.parse_assembly("")
    empty.triple = machine.triple
    return llvm.create_mcjit_compiler(empty, machine)


@cache
def _machine(features: str) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, jit=True
    )


@cache
def _version(features: str) -> str:
    """What machine code depends on besides the kernel's name."""
    package = Path(__file__).parent
    texts = [path.read_bytes() for path in sorted(package.rglob("*.py"))]
    machine = [llvmlite.__version__, llvm.get_process_triple(), llvm.get_host_cpu_name()]
    words = [*machine, features, *[hashlib.sha256(text).hexdigest() for text in texts]]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def load(name: str, dtype: str) -> int:
    """The address of a kernel whose machine code is kept, or is now compiled and kept."""
    version = _version(features())
    symbol = hashlib.sha256(f"{version} {name} {dtype}".encode()).hexdigest()[:32]
    path = cache_directory() / f"{symbol}.o"
    code = kept(path)
    if code is None:
        code = _compiled(name, dtype, symbol, features())
        _keep(path, code)
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address: int = engine.get_function_address(symbol)
    if not address:
        raise RuntimeError(f"the kernel {name!r} was compiled but cannot be found")
    return address


def _compiled(name: str, dtype: str, symbol: str, features: str) -> bytes:
    element = ir.DoubleType() if dtype == "float64" else ir.FloatType()
    is_wide = "+avx512f" in features.split(",")
    text = kernel_code(name, element, is_wide=is_wide).replace(f'@"{name}"', f'@"{symbol}"')
    machine = _machine(features)
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


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
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(hashlib.sha256(code).digest() + code)
        Path(file.name).replace(path)
