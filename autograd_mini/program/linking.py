"""Linking of machine code on x86-64 Linux, so that it runs without the time LLVM's import takes.

It knows what the object files of kernels hold: code, constants, addresses of 64 bits to fill in,
names of functions of the C library. From anything else it keeps its hands off.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["linked"]

# Numbers of the format of object files, ELF.
X86_64 = 62
CONTENT, SYMBOLS, CORRECTIONS = 1, 2, 4  # kinds of sections
IN_MEMORY = 2  # a flag of a section
ADDRESS = 1  # the kind of correction that fills in an address

ALIGNMENT = 64
READ_AND_EXECUTE = 5

_memories: list[mmap.mmap] = []  # they live as long as the process


def linked(code: bytes, name: str) -> int:
    """The address of a function of an object file, now in memory; 0 if LLVM has to do it."""
    if sys.platform != "linux" or code[:4] != b"\x7fELF" or code[18] != X86_64:
        return 0
    (table,), (count,) = struct.unpack_from("<Q", code, 40), struct.unpack_from("<H", code, 60)
    headers = struct.iter_unpack("<2I4Q2I2Q", code[table : table + 64 * count])
    sections = [Section(*header) for header in headers]
    places, total = {}, 0
    for number, section in enumerate(sections):
        if section.kind == CONTENT and section.flags & IN_MEMORY:
            places[number] = total
            total += -(-section.size // ALIGNMENT) * ALIGNMENT
    memory = mmap.mmap(-1, total, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for number, place in places.items():
        memory[place : place + sections[number].size] = sections[number].of(code)
    symbols = _symbols(code, sections, {n: base + place for n, place in places.items()})
    for section in sections:
        if section.kind == CORRECTIONS and section.info in places:
            for at, which, more in struct.iter_unpack("<2Qq", section.of(code)):
                number, how = divmod(which, 2**32)
                _, address = symbols[number]
                if how != ADDRESS or not address:
                    return 0
                struct.pack_into("<Q", memory, places[section.info] + at, address + more)
    size = ctypes.c_size_t(total)
    if ctypes.CDLL(None).mprotect(ctypes.c_void_p(base), size, READ_AND_EXECUTE):
        return 0
    _memories.append(memory)
    return dict(symbols)[name]


class Section(NamedTuple):
    """What an object file says of a section of it, in this order."""

    name: int
    kind: int
    flags: int
    address: int
    start: int
    size: int
    link: int
    info: int
    alignment: int
    entry: int

    def of(self, code: bytes) -> bytes:
        """What is in it."""
        return code[self.start : self.start + self.size]


def _symbols(
    code: bytes, sections: Sequence[Section], places: Mapping[int, int]
) -> list[tuple[str, int]]:
    """The names of the symbols and their addresses, which are 0 where they are not known."""
    library = ctypes.CDLL(None)
    (table,) = [section for section in sections if section.kind == SYMBOLS]
    found = []
    for at, _, _, number, value, _ in struct.iter_unpack("<I2BH2Q", table.of(code)):
        begin = sections[table.link].start + at
        name = code[begin : code.index(b"\0", begin)].decode()
        address = 0
        if number in places:
            address = places[number] + value
        elif not number and hasattr(library, name):
            address = ctypes.cast(library[name], ctypes.c_void_p).value or 0
        found.append((name, address))
    return found
