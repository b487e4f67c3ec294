"""What every model has in common: its parameters, and how they are read and replaced.

A module says nothing of how it is trained, nor of what a file looks like.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd_mini import Value, no_grad

from .arguments import Number
from .files import read_state, write_state

__all__ = ["Module", "listed", "replace_data"]

# The path to a member: the path to what holds it, and the key in there. None for the module itself.
Path = tuple[Any, Any] | None


class Module(ABC):
    """Something with parameters that can be called: a neuron, a layer, a network, one of yours.

    The parameters are the leaf Values among the attributes, at any depth of lists, tuples, dicts
    and other modules; an attribute that comes first, and an element that comes first, counts
    first.

    >>> from nn import Layer
    >>> class Residual(Module):
    ...     def __init__(self):
    ...         self.inner = Layer(2, 2, rng=0)
    ...
    ...     def __call__(self, inputs):
    ...         return [x + y for x, y in zip(inputs, self.inner(inputs), strict=True)]
    >>> len(Residual().parameters())
    6
    """

    @abstractmethod
    def __call__(self, inputs: Sequence[Number], /) -> Value | list[Value]:
        """What the module makes of its inputs."""

    def on_floats(self, rows: Sequence[Sequence[float]]) -> list[list[float]]:
        """What the module makes of each row of floats, as floats, without building graphs.

        The numbers are those that a call gives. A module of yours runs as it is, without
        recording; those of nn compute with plain floats, which is many times as fast for a hundred
        samples or more.

        >>> from nn import Layer
        >>> Layer(2, 1, init=lambda nin, nout, rng: 0.5).on_floats([[1.0, 3.0], [0.0, 1.0]])
        [[2.0], [0.5]]
        """
        with no_grad():
            called: list[Any] = [self([Value(x) for x in row]) for row in rows]
        return [[y.data if isinstance(y, Value) else float(y) for y in listed(ys)] for ys in called]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter once, with the path that leads to it.

        >>> from nn import Neuron
        >>> [name for name, _ in Neuron(2).named_parameters()]
        ['weights.0', 'weights.1', 'bias']
        """
        found = _collect(None, self, [], set())
        return [(_written(path), parameter) for path, parameter in found]

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of `named_parameters`.

        >>> from nn import Neuron
        >>> [p.label for p in Neuron(2).parameters()]
        ['w^{1}_{11}', 'w^{1}_{21}', 'b^{1}_{1}']
        """
        return [parameter for _, parameter in _collect(None, self, [], set())]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero.

        >>> from nn import Neuron
        >>> neuron = Neuron(1)
        >>> neuron([2.0]).backward()
        >>> neuron.zero_grad()
        >>> [p.grad for p in neuron.parameters()]
        [0.0, 0.0]
        """
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, float]:
        """The number in every parameter, by its path.

        >>> from nn import Neuron
        >>> Neuron(1, init=lambda nin, nout, rng: 0.5).state_dict()
        {'weights.0': 0.5, 'bias': 0.0}
        """
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Set every parameter to the number that `state` has under its path.

        If anything is wrong with `state`, no parameter changes.

        Args:
            state: what `state_dict` of a module of the same form returned.

        Raises:
            TypeError: if `state` is no mapping, or holds something other than real numbers.
            ValueError: if `state` lacks a parameter or has one that the module lacks.

        >>> from nn import Neuron
        >>> neuron = Neuron(1)
        >>> neuron.load_state_dict({"weights.0": 2.0, "bias": 1.0})
        >>> neuron([3.0]).data
        7.0
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                f"state must be a mapping from names to numbers, not {type(state).__name__}: "
                "give what state_dict() returned"
            )
        parameters = dict(self.named_parameters())
        for name in parameters:
            if name not in state:
                raise ValueError(f"the state has no number for the parameter {name!r}")
        for name in state:
            if name not in parameters:
                raise ValueError(f"the module has no parameter {name!r}, which the state sets")
        data = []
        for name in parameters:
            try:
                data.append(Value(state[name]).data)
            except TypeError as error:
                raise TypeError(f"the state's number for {name!r} is none: {error}") from None
        replace_data(list(parameters.values()), data)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write every parameter to a JSON file, from which `load` reads the same bits.

        A file that is there is replaced at once or, if anything goes wrong, not at all.

        Raises:
            ValueError: if a parameter is infinite or NaN.
            OSError: if the file cannot be written.

        >>> import tempfile
        >>> from nn import Neuron
        >>> neuron, other = Neuron(2, rng=1), Neuron(2, rng=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     neuron.save(f"{folder}/neuron.json")
        ...     other.load(f"{folder}/neuron.json")
        >>> other.state_dict() == neuron.state_dict()
        True
        """
        write_state(path, self.state_dict())

    def load(self, path: str | os.PathLike[str]) -> None:
        """Set every parameter to what `save` of a module of the same form has written.

        If anything is wrong with the file, no parameter changes.

        Raises:
            ValueError: if the file is not one that `save` wrote, or one of another model.
            OSError: if it cannot be read.
        """
        self.load_state_dict(read_state(path))


def listed(outputs: Any) -> list[Any]:
    """What a module returned as a list, also where that is a single number.

    >>> listed(0.5), listed([0.5, 1.0])
    ([0.5], [0.5, 1.0])
    """
    return outputs if isinstance(outputs, list) else [outputs]


def replace_data(parameters: Sequence[Value], data: Sequence[float]) -> None:
    """Set each parameter to its number: all of them, or none if it is interrupted.

    >>> x = Value(1.0)
    >>> replace_data([x], [2.0])
    >>> x.data
    2.0
    """
    before = [parameter.data for parameter in parameters]
    try:
        for parameter, number in zip(parameters, data, strict=True):
            parameter.data = number
    except BaseException:
        for parameter, number in zip(parameters, before, strict=True):
            parameter.data = number
        raise


def _collect(
    path: Path, member: object, found: list[tuple[Path, Value]], seen: set[int]
) -> list[tuple[Path, Value]]:
    """Add to `found` the leaf Values in `member` that were not seen before, with their paths."""
    inner: Iterable[tuple[Any, object]]
    if isinstance(member, Module):
        inner = vars(member).items()
    elif isinstance(member, Mapping):
        inner = member.items()
    elif isinstance(member, list | tuple):
        inner = enumerate(member)
    else:
        return found
    for key, value in inner:
        if id(value) not in seen:
            seen.add(id(value))
            if not isinstance(value, Value):
                _collect((path, key), value, found, seen)
            elif not value.op:
                found.append(((path, key), value))
    return found


def _written(path: Path) -> str:
    keys: list[str] = []
    while path is not None:
        path, key = path
        keys.append(str(key))
    return ".".join(reversed(keys))
