"""From a kernel's name to machine code, and from there into memory, by LLVM.

Importing LLVM takes longer than everything else that a small program does, so `native` imports
this only for a kernel that is not kept on disk, and where it cannot link by itself.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

from .elementary import register_symbols
from .kernels import kernel_code

__all__ = ["compiled", "features", "loaded"]


def compiled(name: str, dtype: str, symbol: str) -> bytes:
    """A kernel's machine code, an object file in which its name is the symbol."""
    wanted = features()
    element = ir.DoubleType() if dtype == "float64" else ir.FloatType()
    is_wide = "+avx512f" in wanted.split(",")
    text = kernel_code(name, element, is_wide=is_wide).replace(f'@"{name}"', f'@"{symbol}"')
    machine = _machine(wanted)
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = False
    options.loop_unrolling = False  # which would take as long again and gain nothing
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


def features() -> str:
    """What the processor can do, as LLVM writes it."""
    try:
        found: str = llvm.get_host_cpu_features().flatten()
    except RuntimeError:  # a processor that LLVM cannot ask
        return ""
    # Vectors of 8 doubles are one register where there are such, unlike LLVM's own preference.
    return found + ",-prefer-256-bit" if "+avx512f" in found.split(",") else found


def loaded(code: bytes, symbol: str) -> int:
    """The address of a function of an object file, now in memory; 0 if it is not there."""
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address: int = engine.get_function_address(symbol)
    return address


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
