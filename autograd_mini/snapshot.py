"""A graph as plain, frozen data, for whoever draws or exports it.

What is here says what each node is; how it looks is up to the reader. A snapshot keeps no hold on
the Values it was taken from: later sweeps and updates do not change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from .expression import Expression, symbol, write
from .graph import topological_order
from .primitive import OPERATIONS
from .roles import ACTIVATIONS, Role, find_roles
from .value import Value

__all__ = ["ACTIVATIONS", "Edge", "Graph", "Node", "Role", "notation", "snapshot"]


@dataclass(frozen=True, slots=True)
class Node:
    """A number of the graph.

    Attributes:
        index: its place in `Graph.nodes`.
        name: the label it was given, else u₁, u₂, … for a result and v₁, v₂, … for a leaf.
        role: what it is for.
        operation: the name of the operation that made it, "" for a leaf.
        symbol: what a picture writes for that operation.
        value: the number.
        gradient: its gradient, None as long as no backward sweep has run over the graph.
        constants: (position, number) for each operand that is a plain number.
    """

    index: int
    name: str
    role: Role
    operation: str
    symbol: str
    value: float
    gradient: float | None
    constants: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """The use of a node as an operand; `x * x` makes two.

    Attributes:
        source: index of the operand.
        target: index of the node that was made from it.
        position: which operand of the target it is, from 0.
        local_derivative: ∂target/∂operand, as recorded when the target was made.
        selected: False if the operation passed the operand over, as `maximum` does the smaller
            one; then nothing flows back, not even zero times infinity.
    """

    source: int
    target: int
    position: int
    local_derivative: float
    selected: bool

    def backflow(self, adjoint: float) -> float:
        """What the operand receives if the target receives the adjoint."""
        return self.local_derivative * adjoint if self.selected else 0.0


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in topological order, and the edges in the order of their targets and positions.

    Attributes:
        nodes: every node that the outputs depend on, each after its operands.
        edges: every use of one node by another.
        outputs: the indices of the nodes that the snapshot was asked for.
        marked: the indices of the nodes that were marked.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    outputs: tuple[int, ...]
    marked: tuple[int, ...] = ()


def snapshot(
    outputs: Value | Iterable[Value],
    *,
    names: Mapping[Value, str] | Mapping[str, Any] | None = None,
    roles: Mapping[Value, Role] | None = None,
    marks: Sequence[Value] = (),
) -> Graph:
    """Everything that the outputs depend on, as plain data.

    The roles are found from labels and operations. A leaf called w, θ, weight or bias is a weight,
    and beside one of these so is b if it is only added; one without a label is a weight where
    `dot` expects one. A leaf called target is a target, and beside weights so are t and y. A
    single output is the loss if it is called L, E, C, loss, error or cost; or if it has no label
    and depends on a target, or on weights without ending as a model does.

    Args:
        outputs: one Value or several.
        names: names to use in place of the Values' own labels; or, as `locals()` has them, what
            the names stand for, to use for Values (also in lists and tuples) without a label.
        roles: roles to use in place of those found.
        marks: Values whose indices the reader wants to know.

    Raises:
        TypeError: if something that should be a Value is not.
        ValueError: if there are no outputs, a role does not exist, or a mark is not in the graph.

    >>> x = Value(3.0, label="x")
    >>> graph = snapshot(x * x + 1.0)
    >>> [(node.name, node.symbol, node.value) for node in graph.nodes]
    [('x', '', 3.0), ('u₁', '×', 9.0), ('u₂', '+', 10.0)]
    >>> [(edge.source, edge.target, edge.local_derivative) for edge in graph.edges]
    [(0, 1, 3.0), (0, 1, 3.0), (1, 2, 1.0)]
    """
    roots = _roots(outputs)
    given_roles = _by_value("roles", roles)
    for role in given_roles.values():
        if role not in get_args(Role):
            raise ValueError(f"there is no role {role!r}; use one of {', '.join(get_args(Role))}")
    values = topological_order(roots, _inputs)
    index = {value: i for i, value in enumerate(values)}
    for mark in marks:
        if not isinstance(mark, Value):
            raise TypeError(f"a node of a graph is a Value, not {type(mark).__name__} {mark!r:.60}")
        if mark not in index:
            raise ValueError(
                f"{mark!r:.60} is not part of the graph: give a Value that the outputs depend on"
            )
    labels = _labels(values, names)
    found_names, found_roles = _names(values, labels), find_roles(values, labels, roots)
    swept = _swept(values)
    nodes = [
        Node(
            index=i,
            name=found_names[i],
            role=given_roles.get(value, found_roles[i]),
            operation=value.op,
            symbol=OPERATIONS[value.op].symbol if value.op else "",
            value=value.data,
            gradient=value.grad if swept else None,
            constants=tuple(
                [(p, o) for p, o in enumerate(value.operands) if not isinstance(o, Value)]
            ),
        )
        for i, value in enumerate(values)
    ]
    edges = [
        Edge(
            source=index[operand],
            target=i,
            position=position,
            local_derivative=derivative,
            selected=derivative != 0.0 or not OPERATIONS[value.op].selects,
        )
        for i, value in enumerate(values)
        if value.op
        for position, (operand, derivative) in enumerate(
            zip(value.operands, value.local_derivatives, strict=True)
        )
        if isinstance(operand, Value)
    ]
    return Graph(
        nodes=tuple(nodes),
        edges=tuple(edges),
        outputs=tuple([index[root] for root in roots]),
        marked=tuple([index[mark] for mark in marks]),
    )


def notation(operation: str, operands: Sequence[str], result: str) -> tuple[str, list[str]]:
    """An operation applied to names, and its local derivative by each of them, in writing.

    Args:
        operation: the name of the operation.
        operands: what to write for each operand; after a − it gets parentheses where it needs them.
        result: what to write for the result, where a derivative reuses it.

    >>> notation("mul", ["w", "x"], "u")
    ('w · x', ['x', 'w'])
    >>> notation("tanh", ["u"], "y")[0]
    'tanh(u)'
    """
    primitive = OPERATIONS[operation]
    symbols = tuple([-symbol(o[1:]) if o.startswith("−") else symbol(o) for o in operands])
    z = symbol(result)
    applied = Expression(primitive, symbols)
    if primitive.variadic:
        derivatives = primitive.rules[0](symbols, z)
    else:
        derivatives = [rule(*symbols, z) for rule in primitive.rules]
    return write(applied), [write(derivative) for derivative in derivatives]


def _roots(outputs: Value | Iterable[Value]) -> list[Value]:
    if isinstance(outputs, Value):
        return [outputs]
    roots = list(outputs) if isinstance(outputs, Iterable) else [outputs]
    for root in roots:
        if not isinstance(root, Value):
            raise TypeError(
                f"a graph starts from a Value or several, not {type(root).__name__} {root!r:.60}: "
                "pass the result of a computation on Values"
            )
    if not roots:
        raise ValueError("no Values were given; pass at least one to start the graph from")
    return roots


Given = TypeVar("Given", bound=str)


def _by_value(argument: str, mapping: Mapping[Value, Given] | None) -> Mapping[Value, Given]:
    for value, given in (mapping or {}).items():
        if not isinstance(value, Value) or not isinstance(given, str):
            raise TypeError(
                f"{argument} maps Values to strings, as in {{x: 'input'}}; "
                f"it holds {value!r:.60}: {given!r:.60}"
            )
    return mapping or {}


def _labels(
    values: list[Value], names: Mapping[Value, str] | Mapping[str, Any] | None
) -> list[str]:
    if names and all(isinstance(name, str) for name in names):
        named: dict[Value, str] = {}
        for name, thing in names.items():
            if not str(name).startswith("_"):  # a notebook calls its last results _, _1, …
                for path, value in _values_in(str(name), thing, depth=2):
                    named.setdefault(value, path)
        return [value.label or named.get(value, "") for value in values]
    given: Mapping[Value, str] = _by_value("names", names)  # type: ignore[arg-type] # it checks
    return [given.get(value, value.label) for value in values]


def _values_in(path: str, thing: Any, depth: int) -> Iterator[tuple[str, Value]]:
    """The Values that a name stands for, each with the expression that leads to it."""
    if isinstance(thing, Value):
        yield path, thing
    elif depth and isinstance(thing, list | tuple):
        for i, element in enumerate(thing):
            yield from _values_in(f"{path}[{i}]", element, depth - 1)


def _inputs(value: Value) -> list[Value]:
    return [operand for operand in value.operands if isinstance(operand, Value)]


def _swept(values: list[Value]) -> bool:
    """Whether a backward sweep has run: leaves alone may carry gradients of an earlier graph."""
    results = [value for value in values if value.op]
    return any(value.grad != 0.0 for value in results or values)


def _names(values: list[Value], labels: list[str]) -> list[str]:
    names = list(labels)
    taken = set(labels)
    counts = {"u": 0, "v": 0}
    for i, value in enumerate(values):
        letter = "u" if value.op else "v"
        while not names[i]:
            counts[letter] += 1
            name = letter + str(counts[letter]).translate(_SUBSCRIPTS)
            if name not in taken:
                names[i] = name
    return names


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
