"""A program's instructions in words."""

from __future__ import annotations

from collections.abc import Mapping

from autograd_mini.expression import Expression, symbol, write
from autograd_mini.primitive import Primitive

from .instructions import Assembly, Line, PythonStep
from .internals import TERMS
from .tape import Tape

__all__ = ["listing"]

WIDTH = 40  # of the first column
PAIRS = 3  # of products, of which the first are shown


def listing(tape: Tape, assembly: Assembly, names: Mapping[int, str]) -> str:
    """The instructions, section by section, each with the first of its results.

    Args:
        tape: the operations.
        assembly: the instructions.
        names: what to write for a slot; others are written as their number, like `#12`.
    """
    lines = []
    titles = (
        "once, before the samples",
        f"for every {assembly.block} samples, in {assembly.rows} rows",
        "once, after the samples",
    )
    for title, section in zip(titles, assembly.sections, strict=True):
        if section:
            lines.append(f"{title}:")
        for line in section:
            if line.said:
                in_python = " (in Python, number by number)" * isinstance(line.what, PythonStep)
                formula = _formula(tape, line, names)
                lines.append(f"    {line.said + in_python:{WIDTH}}{formula}".rstrip())
    return "\n".join(lines)


def _formula(tape: Tape, line: Line, names: Mapping[int, str]) -> str:
    """How the first of the results comes about."""
    if line.slot is None:
        return ""

    def operand(slot: int) -> Expression | float:
        number = tape.constants.get(slot)
        return symbol(names.get(slot, f"#{slot}")) if number is None else number

    operation, slots = tape.operations[line.slot], tape.operands[line.slot]
    operands = tuple([operand(slot) for slot in slots])
    written = [write(each) for each in operands]
    if isinstance(operation, Primitive):
        right = write(Expression(operation, operands))
    elif operation is TERMS:
        pairs = zip(written[::2], written[1::2], strict=True)
        products = [" · ".join(pair).removesuffix(" · 1") for pair in pairs]
        right = " + ".join([*products[:PAIRS], *["…"] * (len(products) > PAIRS)])
    else:
        right = f"{operation.name}({', '.join(written)})"
    return f"#{line.slot} = {right}"
