"""Watching a function while it is traced: it must not look at a number that will vary.

An `if x > 0.0`, a `float(x)` or an `x.data` takes the number of the moment; a program that was
recorded through it would repeat that choice for every sample without a word.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from autograd_mini import modes, reverse, transforms, value
from autograd_mini.dense import Dense
from autograd_mini.graph import topological_order
from autograd_mini.value import Value, inputs_of

__all__ = ["watched"]

_CHOOSE = "choose with relu, maximum, clamp, where or sign instead, which work for every sample"
_KEEP = "compute with the Value itself"


def _code(function: Any) -> CodeType:
    code: CodeType = getattr(function, "fget", function).__code__
    return code


# By the function of the engine that looks: its argument, what the user wrote, what to write.
_LOOKS: dict[CodeType, tuple[str, str, str]] = {
    _code(Value.__lt__): ("self", "compares (<)", _CHOOSE),
    _code(Value.__le__): ("self", "compares (<=)", _CHOOSE),
    _code(Value.__gt__): ("self", "compares (>)", _CHOOSE),
    _code(Value.__ge__): ("self", "compares (>=)", _CHOOSE),
    _code(Value.__eq__): ("self", "compares (==)", _CHOOSE),
    _code(Value.__bool__): ("self", "branches on", _CHOOSE),
    _code(Value.__float__): ("self", "converts to float", _KEEP),
    _code(Value.data): ("self", "reads the data of", _KEEP),
    _code(Value.item): ("self", "reads the data of", _KEEP),
    _code(Value.detach): ("self", "detaches", _KEEP),
    _code(Dense.numbers): ("self", "reads the data of", _KEEP),
    _code(Value.grad): ("self", "reads the grad of", "write gradients(..., create_graph=True)"),
    _code(Value.local_derivatives): ("self", "reads the local derivatives of", _KEEP),
    _code(reverse.sweep): ("root", "differentiates", "write gradients(..., create_graph=True)"),
    _code(value._in_mode): ("node", "turns off the recording of", "leave no_grad() out"),
    _code(transforms._edges): ("node", "differentiates the choice in", "differentiate the program"),
}


@contextmanager
def watched(varying: Sequence[Value]) -> Iterator[None]:
    """Refuse every look at a number that depends on some Values, in this thread.

    Raises:
        TypeError: in the block, where the look is taken.
    """
    given = frozenset(map(id, varying))

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or frame.f_code not in _LOOKS:
            return
        argument, verb, advice = _LOOKS[frame.f_code]
        looked_at = frame.f_locals[argument]
        for node in looked_at.operands if isinstance(looked_at, Dense) else (looked_at,):
            if not isinstance(node, Value) or _is_harmless(frame, node):
                continue
            if any(id(x) in given for x in topological_order([node], inputs_of)):
                raise TypeError(
                    f"the function {verb} a number that depends on the inputs or parameters, "
                    f"{node!r}, and a program replays what was done with it for all others: "
                    f"{advice}"
                )

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)


def _is_harmless(frame: FrameType, node: Value) -> bool:
    """Whether the look decides nothing: the engine's own, taken where derivatives are recorded."""
    if frame.f_code is _code(transforms._edges):
        return not getattr(node._primitive, "selects", False)
    if frame.f_code is _code(value._in_mode):
        return modes.current().recording
    caller = frame.f_back
    while caller is not None and caller.f_code.co_name.startswith("<"):
        caller = caller.f_back
    return caller is not None and caller.f_code in (
        _code(transforms._differentiable),
        _code(transforms._edges),
    )
