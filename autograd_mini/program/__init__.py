"""Graphs recorded once and run for whole batches in native code. The engine does not need this.

>>> from autograd_mini import exp
>>> program = compile(lambda x, y: x * exp(y), 2)
>>> program([[2.0, 0.0], [3.0, 0.0]])
array([[2.],
       [3.]])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from autograd_mini.value import Value

if TYPE_CHECKING:
    from .program import Program

__all__ = ["Program", "compile"]


def compile(
    outputs: Value | Sequence[Value] | Callable[..., Any],
    inputs: Sequence[Value] | int,
    parameters: Sequence[Value] = (),
    *,
    dtype: Literal["float64", "float32"] = "float64",
    reduction: Literal["mean", "sum"] = "mean",
) -> Program:
    """Record the graph of one sample, to be run for any batch of them.

    Operations whose operands are numbers are worked out now. A leaf of the graph that is neither
    an input nor a parameter is read at every call, like a parameter that has no derivative.

    Args:
        outputs: a Value, or several; or a function of scalars that gives them.
        inputs: the Values that differ from sample to sample; for a function, how many there are.
        parameters: the Values to differentiate by, whose data is read at every call.
        dtype: the numbers to compute with.
        reduction: whether `value_and_gradient` is of the mean over a batch or of the sum.

    Raises:
        ImportError: if numpy or llvmlite is not installed.
        TypeError: if something is not a Value, or the function looks at a number that varies.
        ValueError: if a Value is given twice, or an output depends on nothing that is given.
        RuntimeError: if a number in the graph was changed since it was used.

    >>> from autograd_mini import Value
    >>> w, x, target = Value(2.0), Value(0.0), Value(0.0)
    >>> program = compile((w * x - target) ** 2, inputs=[x, target], parameters=[w])
    >>> program.value_and_gradient([[1.0, 5.0], [3.0, 6.0]])
    (4.5, array([-3.]))
    """
    if dtype not in ("float64", "float32"):
        raise ValueError(f"there is no dtype {dtype!r}: write 'float64' or 'float32'")
    if reduction not in ("mean", "sum"):
        raise ValueError(f"there is no reduction {reduction!r}: write 'mean' or 'sum'")
    program, recording = _parts()
    parameters = list(parameters)
    if callable(outputs) and not isinstance(outputs, Value):
        if not isinstance(inputs, int):
            raise TypeError(
                f"for a function, inputs is how many scalars it takes, not {inputs!r:.60}"
            )
        recorded = recording.record_function(outputs, inputs, parameters)
    else:
        if isinstance(inputs, int):
            raise TypeError("for Values, inputs is a list of Values: write inputs=[x, y]")
        listed = [outputs] if isinstance(outputs, Value) else list(outputs)
        recorded = recording.record_graph(listed, list(inputs), parameters)
    made: Program = program.Program(recorded, parameters, dtype=dtype, reduction=reduction)
    return made


def __getattr__(name: str) -> Any:
    if name == "Program":
        return _parts()[0].Program
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _parts() -> tuple[Any, Any]:
    """The modules that need numpy and llvmlite, which importing this package does not."""
    try:
        from . import program, recording  # noqa: PLC0415  # as the sentence says
    except ImportError as error:
        raise ImportError(
            f"compile() needs numpy and llvmlite ({error}): pip install 'autograd-mini[compiled]', "
            "or go on with the Values themselves, which need neither"
        ) from error
    return program, recording
