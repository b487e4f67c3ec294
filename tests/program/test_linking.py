"""Machine code is linked as LLVM does it, or not at all."""

import platform
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("llvmlite")

from autograd_mini.program import compiler, linking, native
from autograd_mini.program.linking import linked
from tests.program.test_kernels import Memory

KERNEL = "pow/2"  # it calls the C library
on_linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="machine code is linked by LLVM there",
)


def results(kernel: str, address_of: Any) -> list[float]:
    """Those of a kernel for some numbers."""
    memory = Memory(0, "float64")
    memory.address_of = address_of
    (x, y, z), _ = memory.filled(3, 64)
    memory.run(kernel, 64, 1, 0, *(memory.table([place]) for place in (z, x, y)))
    found: list[float] = memory.numbers[z : z + 64].tolist()
    return found


@pytest.mark.parametrize("kernel", [KERNEL, "logaddexp/2"])
def test_what_llvm_links_gives_the_same_numbers(
    kernel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = results(kernel, native.address_of)
    monkeypatch.setattr(native, "cache_directory", lambda: tmp_path)
    monkeypatch.setattr(native, "linked", lambda *_: 0)
    assert repr(results(kernel, native.load)) == repr(expected)


@on_linux
def test_machine_code_of_every_kind_is_linked() -> None:
    for kernel in (KERNEL, "run", "matrix", "outer", "read_batch", "tanh+sech_squared/1", "sin/1"):
        assert linked(compiler.compiled(kernel, "float64", "name"), "name"), kernel


@on_linux
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\x7fELF", b"\x7fFLE"),  # another format
        (b"\x3e\x00\x01\x00\x00\x00", b"\xb7\x00\x01\x00\x00\x00"),  # another processor
        (b"\x00pow\x00", b"\x00wop\x00"),  # a function that the C library does not have
    ],
)
def test_what_is_not_known_is_left_alone(before: bytes, after: bytes) -> None:
    code = compiler.compiled(KERNEL, "float64", "name")
    assert code.count(before) == 1
    assert linked(code.replace(before, after), "name") == 0


@on_linux
def test_an_address_of_another_kind_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    code = compiler.compiled(KERNEL, "float64", "name")
    monkeypatch.setattr(linking, "ADDRESS", 24)
    assert linked(code, "name") == 0
